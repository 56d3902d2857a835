-- 指数成分与权重: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__index_constituents') }}

),

csindex as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_csindex__index_constituents') }}

),

sina_quotes as (

    select
        *,
        'weight_pct' as not_carried
    from {{ ref('stg_sina_quotes__index_constituents') }}

),

swsresearch as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_swsresearch__index_constituents') }}

)

select * from inbox

union all

select * from csindex

union all

select * from sina_quotes

union all

select * from swsresearch
