with unioned as (

    select * from {{ ref('int_fx_fixings_unioned') }}

),

candidates as (

    select
        pair,
        fixing_date,
        rate,
        source_note,
        fixing_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'pair',
        'fixing_date'
    ],
    attributes=[
        'rate',
        'source_note'
    ], period='fixing_date'
) }}

select
    pair,
    fixing_date,
    rate,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by fixing_date, pair, version
