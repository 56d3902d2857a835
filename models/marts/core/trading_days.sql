with unioned as (

    select * from {{ ref('int_trading_days_unioned') }}

),

candidates as (

    select
        market,
        trade_date,
        source_note,
        cast(null as date) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'market',
        'trade_date'
    ],
    attributes=[
        'source_note'
    ], period='trade_date'
) }}

select
    market,
    trade_date,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by trade_date, market, version
