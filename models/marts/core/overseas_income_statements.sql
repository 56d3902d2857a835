with unioned as (

    select * from {{ ref('int_overseas_income_statements_unioned') }}

),

candidates as (

    select
        code,
        report_period,
        months,
        announced_on,
        fiscal_label,
        currency,
        revenue,
        net_profit_attributable,
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
        'months',
        'announced_on'
    ],
    attributes=[
        'fiscal_label',
        'currency',
        'revenue',
        'net_profit_attributable',
        'source_note'
    ], period='report_period'
) }}

select
    code,
    report_period,
    months,
    announced_on,
    fiscal_label,
    currency,
    revenue,
    net_profit_attributable,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by report_period, code, months, announced_on, version
