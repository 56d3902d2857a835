with members as (

    select
        pool.pool,
        pool.code,
        coalesce({{ listing_board('pool.code', 'names.board') }}, 'other') as listing_board,
        cast(caps.market_cap as decimal(24, 2)) as market_cap,
        caps.cap_on,
        -- Caps and figures of one currency alone; members are A-shares.
        case
            when caps.currency = figures.currency and caps.market_cap is not null
                then figures.ttm_net_profit_attributable
        end as ttm_profit,
        case
            when caps.currency = figures.currency and caps.market_cap is not null
                then figures.ttm_revenue
        end as ttm_revenue
    from {{ ref('int_pool') }} as pool
    left join {{ ref('int_security_names') }} as names on pool.code = names.code
    left join {{ ref('int_latest_caps') }} as caps
        on
            pool.code = caps.code
            and caps.currency = 'CNY'
            and caps.cap_basis = 'a_share_price_all_shares'
    left join {{ ref('int_trailing_figures') }} as figures on pool.code = figures.code
    where pool.included

),

counts as (

    select
        pool,
        count(*) as constituents_count,
        {% for board in ['main', 'sme', 'chinext', 'star', 'beijing', 'other'] %}
            count(*) filter (where listing_board = '{{ board }}') as {{ board }}_board_count,
        {% endfor %}
        count(market_cap) as constituents_with_cap,
        sum(market_cap) as total_market_cap,
        max(cap_on) as cap_on
    from members
    group by pool

),

years as (

    select * from {{ ref('int_statements_visible') }}
    where
        statement_kind = 'original'
        and month(report_period) = 12
        and revenue_ytd is not null
        and net_profit_attributable_ytd is not null

),

-- The last year that at least half of the members have filed; growth is that of the
-- members with both ends.
growth as (

    select
        members.pool,
        ends.report_period as cagr_to,
        count(starts.code) as cagr_members,
        sum(ends.revenue_ytd) filter (where starts.code is not null) as revenue,
        sum(starts.revenue_ytd) as revenue_base,
        sum(ends.net_profit_attributable_ytd) filter (where starts.code is not null)
            as net_profit,
        sum(starts.net_profit_attributable_ytd) as net_profit_base
    from members
    inner join counts on members.pool = counts.pool
    inner join years as ends on members.code = ends.code
    left join years as starts
        on
            ends.code = starts.code
            and {{ months_before('ends.report_period', 36) }} = starts.report_period
    group by members.pool, ends.report_period, counts.constituents_count
    having count(*) * 2 >= counts.constituents_count
    qualify row_number() over (partition by members.pool order by ends.report_period desc) = 1

),

-- A member is valued with a cap and both figures; the loss rule says who of them counts.
valued as (

    select
        members.pool,
        rules.loss_rule,
        count(*) as members_valued,
        sum(members.market_cap) as market_cap,
        sum(members.ttm_profit) as ttm_profit,
        sum(members.ttm_revenue) as ttm_revenue,
        avg({{ exact_multiple('members.market_cap', 'members.ttm_profit') }}) as pe_mean,
        {{ exact_median(exact_multiple('members.market_cap', 'members.ttm_profit')) }}
            as pe_median,
        avg({{ exact_multiple('members.market_cap', 'members.ttm_revenue') }}) as ps_mean,
        {{ exact_median(exact_multiple('members.market_cap', 'members.ttm_revenue')) }}
            as ps_median
    from members
    cross join (values ('included'), ('excluded')) as rules (loss_rule)
    where
        members.ttm_profit is not null
        and members.ttm_revenue is not null
        and (rules.loss_rule = 'included' or members.ttm_profit > 0)
    group by members.pool, rules.loss_rule

)

select
    parameters.as_of_date,
    parameters.known_at,
    counts.pool,
    pools.label_zh as pool_label,
    case when pools.kind = 'index' then pools.selector end as index_code,
    methods.method,
    rules.loss_rule,
    'a_share_price_all_shares' as cap_basis,
    cast(counts.constituents_count as integer) as constituents_count,
    cast(counts.main_board_count as integer) as main_board_count,
    cast(counts.sme_board_count as integer) as sme_board_count,
    cast(counts.chinext_board_count as integer) as chinext_count,
    cast(counts.star_board_count as integer) as star_count,
    cast(counts.beijing_board_count as integer) as beijing_count,
    cast(counts.other_board_count as integer) as other_count,
    cast(counts.constituents_with_cap as integer) as constituents_with_cap,
    cast(counts.total_market_cap as double) as total_market_cap,
    counts.cap_on,
    cast(coalesce(valued.members_valued, 0) as integer) as constituents_valued,
    case methods.method
        when 'aggregate' then {{ multiple_of('valued.market_cap', 'valued.ttm_profit') }}
        when 'mean' then round(valued.pe_mean, 6)
        else valued.pe_median
    end as pe_ttm,
    case methods.method
        when 'aggregate' then {{ multiple_of('valued.market_cap', 'valued.ttm_revenue') }}
        when 'mean' then round(valued.ps_mean, 6)
        else valued.ps_median
    end as ps_ttm,
    growth.cagr_to,
    cast(growth.cagr_members as integer) as cagr_members,
    {{ compound_growth('growth.revenue', 'growth.revenue_base', 3) }} as revenue_cagr_3y,
    {{ compound_growth('growth.net_profit', 'growth.net_profit_base', 3) }}
        as net_profit_cagr_3y
from counts
cross join {{ ref('int_run_parameters') }} as parameters
cross join (values ('aggregate'), ('mean'), ('median')) as methods (method)
cross join (values ('included'), ('excluded')) as rules (loss_rule)
inner join {{ ref('pools') }} as pools on counts.pool = pools.pool
left join valued on counts.pool = valued.pool and rules.loss_rule = valued.loss_rule
left join growth on counts.pool = growth.pool and growth.cagr_members > 0
order by pool, method, loss_rule
