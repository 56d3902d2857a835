with unioned as (

    select * from {{ ref('int_index_bars_unioned') }}

),

candidates as (

    select
        index_code,
        trade_date,
        open,
        high,
        low,
        close,
        pe_ttm,
        index_name,
        source_note,
        {{ known_in_beijing(index_market('index_code'), 'trade_date') }} as available_on,
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
        'trade_date'
    ],
    attributes=[
        'open',
        'high',
        'low',
        'close',
        'pe_ttm',
        'index_name',
        'source_note'
    ], period='trade_date',
    partial=[
        'pe_ttm',
        'index_name'
    ]
) }}

select
    index_code,
    trade_date,
    open,
    high,
    low,
    close,
    pe_ttm,
    index_name,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by trade_date, index_code, version
