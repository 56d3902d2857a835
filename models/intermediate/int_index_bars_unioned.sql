-- 指数日线: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__index_bars') }}

),

csindex as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_csindex__index_bars') }}

),

eastmoney as (

    select
        *,
        'pe_ttm index_name' as not_carried
    from {{ ref('stg_eastmoney__index_bars') }}

),

eastmoney_overseas as (

    select
        *,
        'pe_ttm index_name' as not_carried
    from {{ ref('stg_eastmoney_overseas__index_bars') }}

),

sina as (

    select
        *,
        'pe_ttm index_name' as not_carried
    from {{ ref('stg_sina__index_bars') }}

),

swsresearch as (

    select
        *,
        'pe_ttm index_name' as not_carried
    from {{ ref('stg_swsresearch__index_bars') }}

)

select * from inbox

union all

select * from csindex

union all

select * from eastmoney

union all

select * from eastmoney_overseas

union all

select * from sina

union all

select * from swsresearch
