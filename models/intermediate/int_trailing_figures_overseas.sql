-- The same figures of overseas companies, whose statements cover 3, 6, 9 or 12 months of fiscal
-- years of their own. Twelve months are, in this order: a full year that ends at the latest
-- period; the last year, plus this year to date, less last year's; four single quarters.
-- Fiscal periods end within 20 days of the same day a year before.
with periods as (

    select
        *,
        max(report_period) over (partition by code) as latest_period,
        max(report_period) filter (where months = 12) over (partition by code) as lyr_period
    from {{ ref('int_overseas_statements_visible') }}

),

-- How many days before the latest period, and of the last year, each statement ends.
placed as (

    select
        *,
        {{ days_between('report_period', 'latest_period') }} as days_back,
        {{ days_between('lyr_period', 'latest_period') }} as days_since_year
    from periods

),

parts as (

    select
        code,
        latest_period,
        lyr_period,
        {{ value_at_max('currency', 'report_period') }} as currency,
        max(known_on) filter (where report_period = latest_period) as latest_known_on,
        count(distinct currency) filter (
            where days_back <= 385 or report_period = lyr_period
        ) as currencies,
        count(*) filter (where months = 3 and days_back <= 293) as single_quarters,
        max(days_back) filter (where months = 3 and days_back <= 293) as quarters_span,
    {% for line in ['revenue', 'net_profit_attributable'] -%}
        sum({{ line }}) filter (where report_period = lyr_period and months = 12)
            as lyr_{{ line }},
        sum({{ line }}) filter (
            where report_period = latest_period
            and months < 12
            and abs(days_since_year - months * 365 / 12) <= 20
        ) as {{ line }}_to_date,
        sum({{ line }}) filter (
            where abs(days_back - 365) <= 20
            and months < 12
            and abs(days_since_year - months * 365 / 12) <= 20
        ) as {{ line }}_prior_to_date,
        sum({{ line }}) filter (where months = 3 and days_back <= 293)
            as {{ line }}_of_quarters,
        count({{ line }}) filter (where months = 3 and days_back <= 293)
            as {{ line }}_quarters{{ ',' if not loop.last }}
    {% endfor %}
    from placed
    group by code, latest_period, lyr_period

),

summed as (

    select
        *,
    {% for line in ['revenue', 'net_profit_attributable'] -%}
        case
            when currencies > 1 then null
            when latest_period = lyr_period then lyr_{{ line }}
            else coalesce(
                lyr_{{ line }} + {{ line }}_to_date - {{ line }}_prior_to_date,
                case
                    when
                        single_quarters = 4
                        and {{ line }}_quarters = 4
                        and quarters_span >= 253
                        then {{ line }}_of_quarters
                end
                )
        end as ttm_{{ line }}{{ ',' if not loop.last }}
    {% endfor %}
    from parts

)

select
    code,
    currency,
    latest_period,
    latest_known_on,
    ttm_revenue,
    ttm_net_profit_attributable,
    case
        when currencies > 1 then 'currency_changed'
        when ttm_revenue is null and ttm_net_profit_attributable is null
            then 'twelve_months_missing'
        when ttm_revenue is null or ttm_net_profit_attributable is null then 'value_missing'
    end as ttm_missing_reason,
    lyr_period,
    lyr_revenue,
    lyr_net_profit_attributable
from summed
