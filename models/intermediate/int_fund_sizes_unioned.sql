-- 基金规模: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__fund_sizes') }}

),

eastmoney_funds as (

    select * from {{ ref('stg_eastmoney_funds__fund_sizes') }}

),

sina_quotes as (

    select * from {{ ref('stg_sina_quotes__fund_sizes') }}

)

select * from inbox

union all

select * from eastmoney_funds

union all

select * from sina_quotes
