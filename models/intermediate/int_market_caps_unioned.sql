-- 市值: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__market_caps') }}

),

eastmoney_overseas as (

    select * from {{ ref('stg_eastmoney_overseas__market_caps') }}

)

select * from inbox

union all

select * from eastmoney_overseas
