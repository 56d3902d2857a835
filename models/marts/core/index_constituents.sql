with unioned as (

    select * from {{ ref('int_index_constituents_unioned') }}

),

candidates as (

    select
        index_code,
        code,
        as_of_date,
        weight_pct,
        source_note,
        as_of_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'index_code',
        'code',
        'as_of_date'
    ],
    attributes=[
        'weight_pct',
        'source_note'
    ], period='as_of_date',
    partial=[
        'weight_pct'
    ]
) }}

select
    index_code,
    code,
    as_of_date,
    weight_pct,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, index_code, code, version
