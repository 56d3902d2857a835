-- Every company of every pool in each single quarter of three years, beside the same quarter of
-- the year before: the comparative of the current filing where a source carries it, else the
-- earlier filing. A pair that lacks anything has its reason, and no base.
{%- set lines = {
    'revenue': 'revenue',
    'operating_revenue': 'operating_revenue',
    'net_profit_attributable': 'net_profit_attributable',
    'net_profit_total': 'net_profit',
    'net_profit_deducted': 'net_profit_deducted',
} %}
with companies as (

    select * from {{ ref('int_pool') }}
    where included

),

quarters as (

    select * from {{ ref('int_single_quarters') }}
    where code in (select code from companies)

),

filed as (

    select * from quarters
    where statement_kind = 'original'

),

-- A comparative that does not make a whole quarter is no base.
bases as (

    select
        *,
        case statement_kind when 'adjusted' then 'comparative' else 'earlier_filing' end
            as base_source
    from quarters
    where statement_kind = 'original' or missing_reason is null
    qualify
        row_number() over (
            partition by code, report_period order by statement_kind = 'original'
        ) = 1

),

periods as (

    select distinct
        filed.report_period,
        {{ months_before('filed.report_period', 12) }} as base_period
    from filed
    cross join {{ ref('int_run_parameters') }}
    where filed.report_period > {{ months_before('as_of_date', 36) }}

),

paired as (

    select
        companies.as_of_date,
        companies.known_at,
        companies.pool,
        companies.code,
        companies.name,
        periods.report_period,
        bases.base_source,
        greatest(filed.known_on, bases.known_on) as filings_to,
        filed.source_note,
        case
            when filed.code is null then 'statement_missing'
            when filed.missing_reason is not null then filed.missing_reason
            when filed.currency <> 'CNY' then 'other_currency'
            when bases.code is null then 'base_statement_missing'
            when bases.missing_reason is not null then 'base_' || bases.missing_reason
            when bases.currency <> 'CNY' then 'base_other_currency'
        end as missing_reason,
    {% for line, column in lines.items() -%}
        case when filed.currency = 'CNY' then filed.{{ column }} end as {{ line }},
        bases.{{ column }} as {{ line }}_of_base{{ ',' if not loop.last }}
    {% endfor %}
    from companies
    cross join periods
    left join filed
        on companies.code = filed.code and periods.report_period = filed.report_period
    left join bases
        on companies.code = bases.code and periods.base_period = bases.report_period

)

select
    as_of_date,
    known_at,
    pool,
    code,
    name,
    report_period,
    missing_reason,
    missing_reason is null as is_compared,
    filings_to,
    source_note,
    case when missing_reason is null then base_source end as base_source,
{% for line in lines -%}
    {{ line }},
    case when missing_reason is null then {{ line }}_of_base end
        as {{ line }}_base{{ ',' if not loop.last }}
{% endfor %}
from paired
