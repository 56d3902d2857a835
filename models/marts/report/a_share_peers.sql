with parameters as (

    select * from run_parameters

),

peers as (

    select *
    from {{ ref('peer_lists') }}
    where {{ security_market('code') }} = 'CN'

),

names as (

    select * from {{ ref('int_security_names') }}

),

fixings as (

    select * from {{ ref('int_fixings_known') }}

),

caps as (

    select * from {{ ref('int_latest_caps') }}

),

figures as (

    select * from {{ ref('int_trailing_figures') }}

),

returns as (

    select *
    from {{ stock_returns(
        ['change_month', 'change_ytd'],
        where='fact.code in (select code from ' ~ ref('peer_lists') ~ ')'
    ) }} as stocks

),

-- Cumulative figures of the last full year and of the latest period, each with the same
-- months of the year before.
bases as (

    select
        figures.code,
        {% for when, period in [('year', 'lyr_period'), ('latest', 'latest_period')] %}
            {% for line in ['revenue', 'net_profit_attributable'] %}
                sum(statements.{{ line }}_ytd) filter (
                    where statements.report_period = figures.{{ period }}
                ) as {{ line }}_{{ when }},
                sum(statements.{{ line }}_ytd) filter (
                    where statements.report_period
                    = {{ months_before('figures.' ~ period, 12) }}
                ) as {{ line }}_{{ when }}_base,
            {% endfor %}
        {% endfor %}
        count(*) as statements
    from figures
    inner join {{ ref('int_statements_visible') }} as statements
        on figures.code = statements.code
    where statements.statement_kind = 'original'
    group by figures.code

),

valued as (

    select
        parameters.as_of_date,
        parameters.known_at,
        peers.peer_list,
        peers.label_zh as list_label,
        peers.list_order,
        peers.code,
        coalesce(peers.company, names.name, peers.code) as name,
        {{ market_currency(security_market('peers.code')) }} as currency,
        returns.session_on,
        returns.close,
        figures.lyr_period as fiscal_year_end,
        {{ growth_yoy('bases.revenue_year', 'bases.revenue_year_base') }}
            as revenue_growth_fiscal_year,
        {{ growth_yoy(
            'bases.net_profit_attributable_year', 'bases.net_profit_attributable_year_base'
        ) }} as net_profit_growth_fiscal_year,
        {{ growth_yoy_abs_base(
            'bases.net_profit_attributable_year', 'bases.net_profit_attributable_year_base'
        ) }} as net_profit_growth_fiscal_year_abs_base,
        figures.latest_period,
        {{ growth_yoy('bases.revenue_latest', 'bases.revenue_latest_base') }}
            as revenue_growth_latest_period,
        {{ growth_yoy(
            'bases.net_profit_attributable_latest', 'bases.net_profit_attributable_latest_base'
        ) }} as net_profit_growth_latest_period,
        {{ growth_yoy_abs_base(
            'bases.net_profit_attributable_latest', 'bases.net_profit_attributable_latest_base'
        ) }} as net_profit_growth_latest_period_abs_base,
        {{ cap_and_multiples() }},
        returns.change_month,
        returns.change_ytd,
        coalesce(returns.source_note, peers.reason) as source_note
    {{ from_peers() }}
    -- A list of which no company has a bar is not this folder's.
    qualify count(returns.code) over (partition by peers.peer_list) > 0

)

select * from valued
order by peer_list, list_order
