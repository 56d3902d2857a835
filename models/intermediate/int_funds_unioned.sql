-- 基金列表: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__funds') }}

),

eastmoney_funds as (

    select
        *,
        'fund_company listing_code established_on' as not_carried
    from {{ ref('stg_eastmoney_funds__funds') }}

)

select * from inbox

union all

select * from eastmoney_funds
