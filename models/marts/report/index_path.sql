{%- set windows = {
    'month': 'change_month', '1m': 'return_1m', '3m': 'return_3m', '12m': 'return_12m'
} -%}
-- The bases are those of the printed returns, so a path ends on the return that tables show.
with bases as (

    {% for period, window in windows.items() %}
        select
            index_code,
            index_name,
            '{{ period }}' as period,
            {{ window }}_base_on as base_on,
            {{ window }}_base as close_base
        from {{ index_returns(windows.values() | list) }} as known
        where {{ window }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

bars as {{ known_versions('index_bars', where=is_bar_of(windows.values())) }}

select
    parameters.as_of_date,
    parameters.known_at,
    bases.period,
    bases.index_code,
    coalesce(indices.index_name, bases.index_name, bases.index_code) as index_name,
    {{ index_market('bases.index_code') }} as market,
    bars.trade_date,
    bars.close,
    bases.base_on,
    bases.close_base,
    {{ period_change('bars.close', 'bases.close_base') }} as change,
    bars.trade_date = max(bars.trade_date) over (
        partition by bases.period, bases.index_code
    ) as is_latest,
    bars.source_note
from bases
inner join bars on bases.index_code = bars.index_code and bases.base_on <= bars.trade_date
cross join {{ ref('int_run_parameters') }} as parameters
left join {{ ref('indices') }} as indices on bases.index_code = indices.index_code
order by bases.period, bases.index_code, bars.trade_date
