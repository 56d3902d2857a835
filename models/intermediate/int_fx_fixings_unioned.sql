-- 人民币中间价: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__fx_fixings') }}

)

select * from inbox
