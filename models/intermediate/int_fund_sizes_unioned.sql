-- 基金规模: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__fund_sizes') }}

)

select * from inbox
