with figures as (

    select * from {{ ref('int_trailing_figures_overseas') }}

),

placed as (

    select
        statements.*,
        {{ days_between('figures.lyr_period', 'statements.report_period') }} as days_after_year
    from {{ ref('int_overseas_statements_visible') }} as statements
    inner join figures on statements.code = figures.code

),

-- First halves around the last full year: after it, inside it, and the year before. Periods
-- end within 20 days of the same day a year before.
parts as (

    select
        placed.*,
        slots.half,
        abs(placed.days_after_year - slots.ends) <= 20 as ends_the_half
    from placed
    inner join (values ('next', 182), ('own', -183), ('earlier', -548)) as slots (half, ends)
        on
            abs(placed.days_after_year - slots.ends) <= 20
            or abs(placed.days_after_year - slots.ends + 91) <= 20

),

-- A half is one statement of six months or the sum of two quarters.
halves as (

    select
        code,
        half,
        max(report_period) filter (where ends_the_half) as half_end,
    {% for line in ['revenue', 'net_profit_attributable'] -%}
        coalesce(
            max({{ line }}) filter (where months = 6 and ends_the_half),
            sum({{ line }}) filter (where months = 3)
            / nullif(cast(count({{ line }}) filter (where months = 3) = 2 as integer), 0)
        ) as {{ line }}{{ ',' if not loop.last }}
    {% endfor %}
    from parts
    group by code, half

),

year_bases as (

    select
        code,
        max(revenue) as revenue_year_base,
        max(net_profit_attributable) as net_profit_year_base
    from placed
    where months = 12 and abs(days_after_year + 365) <= 20
    group by code

),

bases as (

    select
        figures.code,
        year_bases.revenue_year_base,
        year_bases.net_profit_year_base,
        this_half.half_end as h1_period,
        this_half.revenue as h1_revenue,
        this_half.net_profit_attributable as h1_net_profit,
        last_half.revenue as h1_revenue_base,
        last_half.net_profit_attributable as h1_net_profit_base
    from figures
    left join year_bases on figures.code = year_bases.code
    left join halves as next_half
        on figures.code = next_half.code and next_half.half = 'next'
    left join halves as this_half
        on
            figures.code = this_half.code
            and this_half.half = case when next_half.revenue is null then 'own' else 'next' end
    left join halves as last_half
        on
            figures.code = last_half.code
            and last_half.half
            = case when next_half.revenue is null then 'earlier' else 'own' end

)

select
    {{ peer_and_price() }},
    bases.h1_period,
    cast(bases.h1_revenue as double) as h1_revenue,
    {{ growth_yoy('bases.h1_revenue', 'bases.h1_revenue_base') }} as h1_revenue_yoy,
    cast(bases.h1_net_profit as double) as h1_net_profit,
    {{ growth_yoy('bases.h1_net_profit', 'bases.h1_net_profit_base') }}
        as h1_net_profit_yoy,
    {{ growth_yoy('figures.lyr_revenue', 'bases.revenue_year_base') }}
        as revenue_growth_1y,
    {{ growth_yoy('figures.lyr_net_profit_attributable', 'bases.net_profit_year_base') }}
        as net_profit_growth_1y,
    {{ growth_yoy_abs_base(
        'figures.lyr_net_profit_attributable', 'bases.net_profit_year_base'
    ) }} as net_profit_growth_1y_abs_base,
    {{ multiples_and_changes() }}
{{ from_peers() }}
where {{ security_market('peers.code') }} <> 'CN'
-- A list of which no company has a bar is not this folder's.
qualify count(returns.code) over (partition by peers.peer_list) > 0
order by peer_list, list_order
