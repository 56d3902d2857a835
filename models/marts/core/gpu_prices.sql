with unioned as (

    select * from {{ ref('int_gpu_prices_unioned') }}

),

candidates as (

    select
        gpu,
        marketplace,
        quoted_on,
        price_new,
        price_used,
        currency,
        source_note,
        quoted_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'gpu',
        'marketplace',
        'quoted_on'
    ],
    attributes=[
        'price_new',
        'price_used',
        'currency',
        'source_note'
    ], period='quoted_on'
) }}

select
    gpu,
    marketplace,
    quoted_on,
    price_new,
    price_used,
    currency,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by quoted_on, gpu, marketplace, version
