with unioned as (

    select * from {{ ref('int_model_prices_unioned') }}

),

candidates as (

    select
        model,
        applies_to,
        as_of_date,
        api,
        price_usd_per_million_tokens,
        license,
        source_note,
        model_id,
        as_of_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'model',
        'applies_to',
        'as_of_date'
    ],
    attributes=[
        'api',
        'price_usd_per_million_tokens',
        'license',
        'source_note'
    ], period='as_of_date'
) }}

select
    model,
    applies_to,
    as_of_date,
    api,
    price_usd_per_million_tokens,
    license,
    source_note,
    model_id,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, model, applies_to, version
