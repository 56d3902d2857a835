-- 基金净值: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__fund_navs') }}

),

eastmoney_funds as (

    select
        *,
        'nav_adjusted distribution' as not_carried
    from {{ ref('stg_eastmoney_funds__fund_navs') }}

)

select * from inbox

union all

select * from eastmoney_funds
