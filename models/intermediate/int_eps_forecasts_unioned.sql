-- 一致预期: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__eps_forecasts') }}

),

eastmoney_research as (

    select
        *,
        'institutions' as not_carried
    from {{ ref('stg_eastmoney_research__eps_forecasts') }}

)

select * from inbox

union all

select * from eastmoney_research
