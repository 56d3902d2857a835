-- Daily bars of shares and ETFs of every market in one shape, with the columns that a
-- source does not carry. A snapshot always has the reference price; a history never has it.
with a_share_bars as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__a_share_bars') }}
    union all
    select
        *,
        case
            when reference_close is null then 'reference_close market_cap pb'
        end as not_carried
    from {{ ref('stg_eastmoney__a_share_bars') }}
    union all
    select
        *,
        'market_cap pb' as not_carried
    from {{ ref('stg_sina_quotes__a_share_bars') }}
    union all
    select
        *,
        'reference_close market_cap pb' as not_carried
    from {{ ref('stg_tencent__a_share_bars') }}

),

hk_stock_bars as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__hk_stock_bars') }}
    union all
    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_eastmoney_overseas__hk_stock_bars') }}
    union all
    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_sina_quotes__hk_stock_bars') }}

),

us_stock_bars as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__us_stock_bars') }}
    union all
    select
        *,
        'close_adjusted' as not_carried
    from {{ ref('stg_eastmoney_overseas__us_stock_bars') }}
    union all
    select
        *,
        'close_adjusted' as not_carried
    from {{ ref('stg_sina_quotes__us_stock_bars') }}

),

etf_bars as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__etf_bars') }}
    union all
    select
        *,
        case when reference_close is null then 'reference_close' end as not_carried
    from {{ ref('stg_eastmoney__etf_bars') }}
    union all
    select
        *,
        case when reference_close is null then 'reference_close amount' end as not_carried
    from {{ ref('stg_sina_quotes__etf_bars') }}

),

a_shares as (

    select
        code,
        trade_date,
        open,
        high,
        low,
        close,
        case when coalesce(adjustment, 'none') <> 'none' then close end as close_adjusted,
        reference_close,
        volume_shares,
        amount_cny as amount,
        market_cap_cny as market_cap,
        pb,
        'CN' as market,
        coalesce(adjustment, 'none') as adjustment,
        source_note,
        landed_at,
        load_id,
        arrival_row,
        not_carried
    from a_share_bars

),

etfs as (

    select
        code,
        trade_date,
        open,
        high,
        low,
        close,
        case when coalesce(adjustment, 'none') <> 'none' then close end as close_adjusted,
        reference_close,
        volume_shares,
        amount_cny as amount,
        cast(null as double) as market_cap,
        cast(null as double) as pb,
        'CN' as market,
        coalesce(adjustment, 'none') as adjustment,
        source_note,
        landed_at,
        load_id,
        arrival_row,
        not_carried
    from etf_bars

),

hk_stocks as (

    select
        code,
        trade_date,
        open,
        high,
        low,
        close,
        case when coalesce(adjustment, 'none') <> 'none' then close end as close_adjusted,
        cast(null as double) as reference_close,
        volume_shares,
        cast(null as double) as amount,
        cast(null as double) as market_cap,
        cast(null as double) as pb,
        'HK' as market,
        coalesce(adjustment, 'none') as adjustment,
        source_note,
        landed_at,
        load_id,
        arrival_row,
        not_carried
    from hk_stock_bars

),

us_stocks as (

    select
        code,
        trade_date,
        open,
        high,
        low,
        close,
        adjusted_close as close_adjusted,
        cast(null as double) as reference_close,
        volume_shares,
        cast(null as double) as amount,
        cast(null as double) as market_cap,
        cast(null as double) as pb,
        'US' as market,
        'split' as adjustment,
        source_note,
        landed_at,
        load_id,
        arrival_row,
        not_carried
    from us_stock_bars

)

select * from a_shares
union all
select * from etfs
union all
select * from hk_stocks
union all
select * from us_stocks
