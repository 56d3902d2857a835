with unioned as (

    select * from {{ ref('int_market_caps_unioned') }}

),

candidates as (

    select
        code,
        trade_date,
        cap_basis,
        company,
        market_cap,
        currency,
        source_note,
        {{ known_in_beijing(security_market('code'), 'trade_date') }} as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'trade_date',
        'cap_basis'
    ],
    attributes=[
        'company',
        'market_cap',
        'currency',
        'source_note'
    ], period='trade_date'
) }}

select
    code,
    trade_date,
    cap_basis,
    company,
    market_cap,
    currency,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by trade_date, code, cap_basis, version
