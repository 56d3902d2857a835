with unioned as (

    select * from {{ ref('int_securities_unioned') }}

),

candidates as (

    select
        code,
        name_from,
        name,
        listed_on,
        delisted_on,
        status,
        board,
        currency,
        source_note,
        coalesce(name_from, list_of, listed_on) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'name_from'
    ],
    attributes=[
        'name',
        'listed_on',
        'delisted_on',
        'status',
        'board',
        'currency',
        'source_note'
    ],
    partial=[
        'listed_on',
        'delisted_on',
        'status',
        'board'
    ]
) }}

select
    code,
    name_from,
    name,
    listed_on,
    delisted_on,
    status,
    board,
    currency,
    source_note,
    -- The first list tells what was so before; a change is known from the list that shows it.
    case
        when version = 1 then coalesce(name_from, listed_on) else available_on
    end as available_on,
    first_seen_at,
    load_id,
    version
from versions
order by code, name_from, version
