-- Single quarters as differences of cumulative statements of one kind and one year. A quarter
-- whose prior statement is missing is null with its reason, never the cumulative number.
{%- set lines = [
    'revenue',
    'operating_revenue',
    'net_profit',
    'net_profit_attributable',
    'net_profit_deducted',
] %}
with statements as (

    select
        *,
        year(report_period) as fiscal_year,
        quarter(report_period) as fiscal_quarter
    from {{ ref('int_statements_visible') }}
    where last_day(report_period) = report_period and month(report_period) in (3, 6, 9, 12)

),

ordered as (

    select
        *,
        count(*) filter (where fiscal_quarter in (1, 3)) over (
            partition by code
            order by fiscal_year
            range between 1 preceding and current row
        ) as quarterly_statements,
        lag(fiscal_quarter) over year_to_date as prior_quarter,
        lag(currency) over year_to_date as prior_currency,
        lag(known_on) over year_to_date as prior_known_on,
    {% for line in lines -%}
        lag({{ line }}_ytd) over year_to_date as prior_{{ line }}_ytd{{ ',' if not loop.last }}
    {% endfor %}
    from statements
    window
        year_to_date as (
            partition by code, statement_kind, fiscal_year order by report_period
        )

),

judged as (

    select
        *,
        case
            when fiscal_quarter = 1 then null
            when
                quarterly_statements = 0
                and (fiscal_quarter = 2 or prior_quarter = 2)
                then 'half_yearly_reporter'
            when coalesce(prior_quarter, 0) <> fiscal_quarter - 1 then 'prior_quarter_missing'
            when prior_currency <> currency then 'currency_changed'
        end as gap
    from ordered

)

select
    code,
    report_period,
    statement_kind,
    fiscal_year,
    fiscal_quarter,
    currency,
    source_note,
    case when fiscal_quarter = 1 then known_on else greatest(known_on, prior_known_on) end
        as known_on,
    {% for line in lines -%}
        case
            when gap is not null then null
            when fiscal_quarter = 1 then {{ line }}_ytd
            else {{ line }}_ytd - prior_{{ line }}_ytd
        end as {{ line }},
    {% endfor -%}
    case
        when gap is not null then gap
        when revenue_ytd is null or net_profit_attributable_ytd is null then 'value_missing'
        when
            fiscal_quarter > 1
            and (prior_revenue_ytd is null or prior_net_profit_attributable_ytd is null)
            then 'value_missing'
    end as missing_reason
from judged
