-- 指数估值: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__index_valuations') }}

),

csindex as (

    select
        *,
        'ps_ttm pb loss_rule' as not_carried
    from {{ ref('stg_csindex__index_valuations') }}

),

legulegu as (

    select
        *,
        'ps_ttm loss_rule' as not_carried
    from {{ ref('stg_legulegu__index_valuations') }}

)

select * from inbox

union all

select * from csindex

union all

select * from legulegu
