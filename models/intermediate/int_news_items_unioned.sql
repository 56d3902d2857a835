-- 行业新闻: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__news_items') }}

),

eastmoney_research as (

    select
        *,
        'subject event_on' as not_carried
    from {{ ref('stg_eastmoney_research__news_items') }}

),

tonghuashun as (

    select
        *,
        'subject event_on' as not_carried
    from {{ ref('stg_tonghuashun__news_items') }}

)

select * from inbox

union all

select * from eastmoney_research

union all

select * from tonghuashun
