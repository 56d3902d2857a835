{%- set periods = {'fiscal_year': 'lyr_period', 'latest_period': 'latest_period'} -%}
with figures as (

    select * from {{ ref('int_trailing_figures') }}

),

-- Cumulative figures of the last full year and of the latest period, each with the same
-- months of the year before.
bases as (

    select
        {% for period, day in periods.items() %}
            {% for line in ['revenue', 'net_profit_attributable'] %}
                sum(statements.{{ line }}_ytd) filter (
                    where statements.report_period = figures.{{ day }}
                ) as {{ line }}_{{ period }},
                sum(statements.{{ line }}_ytd) filter (
                    where statements.report_period = {{ months_before('figures.' ~ day, 12) }}
                ) as {{ line }}_{{ period }}_base,
            {% endfor %}
        {% endfor %}
        figures.code
    from figures
    inner join {{ ref('int_statements_visible') }} as statements
        on figures.code = statements.code
    where statements.statement_kind = 'original'
    group by figures.code

)

select
    {{ peer_and_price() }},
    {% for period, day in periods.items() %}
        {%- set revenue = 'bases.revenue_' ~ period -%}
        {%- set profit = 'bases.net_profit_attributable_' ~ period -%}
        figures.{{ day }}{{ ' as fiscal_year_end' if period == 'fiscal_year' }},
        {{ growth_yoy(revenue, revenue ~ '_base') }} as revenue_growth_{{ period }},
        {{ growth_yoy(profit, profit ~ '_base') }} as net_profit_growth_{{ period }},
        {{ growth_yoy_abs_base(profit, profit ~ '_base') }}
            as net_profit_growth_{{ period }}_abs_base,
    {% endfor %}
    {{ multiples_and_changes() }}
{{ from_peers() }}
where {{ security_market('peers.code') }} = 'CN'
-- A list of which no company has a bar is not this folder's.
qualify count(returns.code) over (partition by peers.peer_list) > 0
order by peer_list, list_order
