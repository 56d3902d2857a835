with unioned as (

    select * from {{ ref('int_government_yields_unioned') }}

),

candidates as (

    select
        country,
        tenor,
        date,
        yield_pct,
        source_note,
        {{ known_in_beijing('country', 'date') }} as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'country',
        'tenor',
        'date'
    ],
    attributes=[
        'yield_pct',
        'source_note'
    ], period='date'
) }}

select
    country,
    tenor,
    date,
    yield_pct,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by date, country, tenor, version
