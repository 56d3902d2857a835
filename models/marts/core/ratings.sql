with unioned as (

    select * from {{ ref('int_ratings_unioned') }}

),

candidates as (

    select
        code,
        broker,
        rated_on,
        rating,
        target_price,
        currency,
        source_note,
        rated_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'broker',
        'rated_on'
    ],
    attributes=[
        'rating',
        'target_price',
        'currency',
        'source_note'
    ], period='rated_on'
) }}

select
    code,
    broker,
    rated_on,
    rating,
    target_price,
    currency,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by rated_on, code, broker, version
