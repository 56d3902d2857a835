-- 交易日历: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__trading_days') }}

),

akshare_bundle as (

    select * from {{ ref('stg_akshare_bundle__trading_days') }}

),

sina as (

    select * from {{ ref('stg_sina__trading_days') }}

)

select * from inbox

union all

select * from akshare_bundle

union all

select * from sina
