with unioned as (

    select * from {{ ref('int_income_statements_unioned') }}

),

candidates as (

    select
        code,
        report_period,
        announced_on,
        name,
        company_type,
        updated_on,
        currency,
        revenue_ytd,
        operating_revenue_ytd,
        net_profit_ytd,
        net_profit_attributable_ytd,
        net_profit_deducted_ytd,
        statement_kind,
        source_note,
        coalesce(
            case when announced_on >= report_period then announced_on end,
            {{ beijing_date('landed_at') }}
        ) as available_on,
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
        'report_period',
        'announced_on'
    ],
    attributes=[
        'name',
        'company_type',
        'updated_on',
        'currency',
        'revenue_ytd',
        'operating_revenue_ytd',
        'net_profit_ytd',
        'net_profit_attributable_ytd',
        'net_profit_deducted_ytd',
        'statement_kind',
        'source_note'
    ], period='report_period',
    partial=[
        'company_type',
        'operating_revenue_ytd',
        'net_profit_ytd',
        'net_profit_deducted_ytd',
        'statement_kind'
    ]
) }}

select
    code,
    report_period,
    announced_on,
    name,
    company_type,
    updated_on,
    currency,
    revenue_ytd,
    operating_revenue_ytd,
    net_profit_ytd,
    net_profit_attributable_ytd,
    net_profit_deducted_ytd,
    statement_kind,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by report_period, code, announced_on, version
