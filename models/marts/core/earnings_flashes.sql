with unioned as (

    select * from {{ ref('int_earnings_flashes_unioned') }}

),

candidates as (

    select
        code,
        report_period,
        announced_on,
        revenue_ytd,
        net_profit_attributable_ytd,
        source_note,
        announced_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'report_period',
        'announced_on'
    ],
    attributes=[
        'revenue_ytd',
        'net_profit_attributable_ytd',
        'source_note'
    ], period='report_period'
) }}

select
    code,
    report_period,
    announced_on,
    revenue_ytd,
    net_profit_attributable_ytd,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by report_period, code, announced_on, version
