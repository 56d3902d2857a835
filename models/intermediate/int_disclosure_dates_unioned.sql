-- 财报披露日: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__disclosure_dates') }}

),

cninfo as (

    select * from {{ ref('stg_cninfo__disclosure_dates') }}

),

eastmoney_results as (

    select * from {{ ref('stg_eastmoney_results__disclosure_dates') }}

)

select * from inbox

union all

select * from cninfo

union all

select * from eastmoney_results
