-- 人民币中间价: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__fx_fixings') }}

),

eastmoney_rates as (

    select * from {{ ref('stg_eastmoney_rates__fx_fixings') }}

),

safe as (

    select * from {{ ref('stg_safe__fx_fixings') }}

)

select * from inbox

union all

select * from eastmoney_rates

union all

select * from safe
