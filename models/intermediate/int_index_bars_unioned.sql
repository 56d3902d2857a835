-- 指数日线: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__index_bars') }}

)

select * from inbox
