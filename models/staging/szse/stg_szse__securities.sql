-- Three shapes: listed shares, delisted shares, and changes of names with their days. The name
-- before a share's first recorded change held since its listing; the exchange's first day
-- stands for that. B shares (200) are left out.
with source as (

    select * from {{ source('szse', 'securities') }}

),

changes as (

    select
        *,
        row_number() over (partition by 证券代码 order by 变更日期) as change_number
    from source
    where 变更日期 is not null

),

shaped as (

    select
        coalesce(a股代码, 证券代码) as code,
        coalesce(a股简称, 证券简称) as name,
        coalesce(cast(a股上市日期 as date), cast(上市日期 as date)) as listed_on,
        cast(终止上市日期 as date) as delisted_on,
        case when a股代码 is null then 'D' else 'L' end as status,
        板块 as board,
        cast(null as date) as name_from,
        _load_id,
        _landed_at,
        _row
    from source
    where 变更日期 is null
    union all
    select
        证券代码 as code,
        变更后简称 as name,
        cast(null as date) as listed_on,
        cast(null as date) as delisted_on,
        cast(null as varchar) as status,
        cast(null as varchar) as board,
        cast(变更日期 as date) as name_from,
        _load_id,
        _landed_at,
        _row
    from changes
    union all
    select
        证券代码 as code,
        变更前简称 as name,
        cast(null as date) as listed_on,
        cast(null as date) as delisted_on,
        cast(null as varchar) as status,
        cast(null as varchar) as board,
        date '1990-12-01' as name_from,
        _load_id,
        _landed_at,
        _row
    from changes
    where change_number = 1 and 变更前简称 is not null

),

renamed as (

    select
        code || '.SZ' as code,
        name,
        listed_on,
        delisted_on,
        status,
        board,
        'CNY' as currency,
        name_from,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from shaped
    where
        left(code, 1) in ('0', '3')

)

select * from renamed
