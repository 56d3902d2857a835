with unioned as (

    select * from {{ ref('int_daily_bars_unioned') }}

),

candidates as (

    select
        code,
        trade_date,
        market,
        open,
        high,
        low,
        close,
        close_adjusted,
        reference_close,
        volume_shares,
        amount,
        market_cap,
        pb,
        adjustment,
        source_note,
        {{ known_in_beijing('market', 'trade_date') }} as available_on,
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
        'trade_date'
    ],
    attributes=[
        'market',
        'open',
        'high',
        'low',
        'close',
        'close_adjusted',
        'reference_close',
        'volume_shares',
        'amount',
        'market_cap',
        'pb',
        'adjustment',
        'source_note'
    ], period='trade_date',
    partial=[
        'close_adjusted',
        'reference_close',
        'amount',
        'market_cap',
        'pb'
    ]
) }}

select
    code,
    trade_date,
    market,
    open,
    high,
    low,
    close,
    close_adjusted,
    reference_close,
    volume_shares,
    amount,
    market_cap,
    pb,
    adjustment,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by trade_date, code, version
