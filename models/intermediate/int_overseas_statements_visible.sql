-- Of each overseas company, period and length the latest version that could be known.
with versions as (

    select
        known.*,
        {{ known_on('known', 'asked') }} as known_on
    from {{ known_versions(
        'overseas_income_statements',
        where=in_look_back('report_period', months_before('parameters.as_of_date', 72))
    ) }} as known
    cross join {{ ref('int_run_parameters') }} as asked

)

select
    code,
    report_period,
    months,
    currency,
    known_on,
    cast(revenue as decimal(24, 2)) as revenue,
    cast(net_profit_attributable as decimal(24, 2)) as net_profit_attributable
from versions
qualify
    row_number() over (
        partition by code, report_period, months
        order by available_on desc, first_seen_at desc
    ) = 1
