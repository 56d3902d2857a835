-- 证券列表: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry and, of an exchange's current list, its day.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried,
        cast(null as date) as list_of
    from {{ ref('stg_inbox__securities') }}

),

bse as (

    select
        *,
        'delisted_on board' as not_carried,
        {{ beijing_date('landed_at') }} as list_of
    from {{ ref('stg_bse__securities') }}

),

eastmoney as (

    select
        *,
        'listed_on delisted_on board' as not_carried,
        {{ beijing_date('landed_at') }} as list_of
    from {{ ref('stg_eastmoney__securities') }}

),

sse as (

    select
        *,
        'board' as not_carried,
        {{ beijing_date('landed_at') }} as list_of
    from {{ ref('stg_sse__securities') }}

),

szse as (

    select
        *,
        case
            when name_from is not null then 'listed_on delisted_on status board'
            when status = 'D' then 'board'
        end as not_carried,
        {{ beijing_date('landed_at') }} as list_of
    from {{ ref('stg_szse__securities') }}

)

select * from inbox

union all

select * from bse

union all

select * from eastmoney

union all

select * from sse

union all

select * from szse
