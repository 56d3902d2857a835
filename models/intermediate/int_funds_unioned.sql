-- 基金列表: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__funds') }}

),

eastmoney_funds as (

    select * from {{ ref('stg_eastmoney_funds__funds') }}

)

select * from inbox

union all

select * from eastmoney_funds
