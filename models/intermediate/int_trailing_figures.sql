-- Of each company the latest visible period, the twelve months that end there (last year, plus
-- this year to date, less the same months of last year: half-yearly reporters alike), and the
-- last full year.
with statements as (

    select
        *,
        max(report_period) over (partition by code) as latest_period,
        max(report_period) filter (where month(report_period) = 12) over (
            partition by code
        ) as lyr_period
    from {{ ref('int_statements_visible') }}
    where statement_kind = 'original'

),

parts as (

    select
        code,
        latest_period,
        lyr_period,
        {{ value_at_max('currency', 'report_period') }} as currency,
        max(known_on) filter (where report_period = latest_period) as latest_known_on,
        count(distinct currency) as currencies,
        count(*) filter (
            where report_period = {{ year_start('latest_period') }} - 1
        ) as last_years,
        count(*) filter (
            where report_period = {{ months_before('latest_period', 12) }}
        ) as prior_years_to_date,
    {% for line in ['revenue', 'net_profit_attributable'] -%}
        sum({{ line }}_ytd) filter (where report_period = latest_period)
            as {{ line }}_to_date,
        sum({{ line }}_ytd) filter (
            where report_period = {{ year_start('latest_period') }} - 1
        ) as {{ line }}_last_year,
        sum({{ line }}_ytd) filter (
            where report_period = {{ months_before('latest_period', 12) }}
        ) as {{ line }}_prior_to_date,
        sum({{ line }}_ytd) filter (where report_period = lyr_period)
            as lyr_{{ line }}{{ ',' if not loop.last }}
    {% endfor %}
    from statements
    where
        report_period >= {{ months_before('latest_period', 12) }} or report_period = lyr_period
    group by code, latest_period, lyr_period

),

judged as (

    select
        *,
        case
            when revenue_to_date is null or net_profit_attributable_to_date is null
                then 'value_missing'
            when latest_period = lyr_period then null
            when last_years = 0 then 'last_year_missing'
            when prior_years_to_date = 0 then 'prior_year_to_date_missing'
            when currencies > 1 then 'currency_changed'
            when
                revenue_last_year is null
                or revenue_prior_to_date is null
                or net_profit_attributable_last_year is null
                or net_profit_attributable_prior_to_date is null
                then 'value_missing'
        end as ttm_missing_reason
    from parts

)

select
    code,
    currency,
    latest_period,
    latest_known_on,
    {% for line in ['revenue', 'net_profit_attributable'] -%}
        case
            when ttm_missing_reason in (
                'last_year_missing', 'prior_year_to_date_missing', 'currency_changed'
            ) then null
            when latest_period = lyr_period then {{ line }}_to_date
            else {{ line }}_to_date + {{ line }}_last_year - {{ line }}_prior_to_date
        end as ttm_{{ line }},
    {% endfor -%}
    ttm_missing_reason,
    lyr_period,
    lyr_revenue,
    lyr_net_profit_attributable
from judged
