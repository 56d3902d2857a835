-- 交易日历: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__trading_days') }}

)

select * from inbox
