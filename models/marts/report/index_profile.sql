with parameters as (

    select * from run_parameters

),

pools as (

    select * from {{ ref('pools') }}

),

pool as (

    select * from {{ ref('int_pool') }}

),

names as (

    select * from {{ ref('int_security_names') }}

),

caps as (

    select * from {{ ref('int_latest_caps') }}

),

figures as (

    select * from {{ ref('int_trailing_figures') }}

),

members as (

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
    from pool
    left join names on pool.code = names.code
    left join caps
        on
            pool.code = caps.code
            and caps.currency = 'CNY'
            and caps.cap_basis = 'a_share_price_all_shares'
    left join figures on pool.code = figures.code
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

-- The last year that at least half of the members have filed; growth is that of the
-- members with both ends.
filings as (

    select
        members.pool,
        members.code,
        statements.report_period,
        statements.revenue_ytd,
        statements.net_profit_attributable_ytd
    from members
    inner join {{ ref('int_statements_visible') }} as statements
        on members.code = statements.code
    where
        statements.statement_kind = 'original'
        and month(statements.report_period) = 12
        and statements.revenue_ytd is not null
        and statements.net_profit_attributable_ytd is not null

),

last_years as (

    select
        filings.pool,
        max(filings.report_period) as cagr_to
    from (
        select
            pool,
            report_period,
            count(*) as filed
        from filings
        group by pool, report_period
    ) as filings
    inner join counts on filings.pool = counts.pool
    where filings.filed * 2 >= counts.constituents_count
    group by filings.pool

),

growth as (

    select
        last_years.pool,
        last_years.cagr_to,
        count(*) as cagr_members,
        sum(ends.revenue_ytd) as revenue,
        sum(starts.revenue_ytd) as revenue_base,
        sum(ends.net_profit_attributable_ytd) as net_profit,
        sum(starts.net_profit_attributable_ytd) as net_profit_base
    from last_years
    inner join filings as ends
        on last_years.pool = ends.pool and last_years.cagr_to = ends.report_period
    inner join filings as starts
        on
            ends.pool = starts.pool
            and ends.code = starts.code
            and {{ months_before('last_years.cagr_to', 36) }} = starts.report_period
    group by last_years.pool, last_years.cagr_to

),

rules as (

    select 'included' as loss_rule
    union all
    select 'excluded' as loss_rule

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
        median({{ exact_multiple('members.market_cap', 'members.ttm_profit') }}) as pe_median,
        avg({{ exact_multiple('members.market_cap', 'members.ttm_revenue') }}) as ps_mean,
        median({{ exact_multiple('members.market_cap', 'members.ttm_revenue') }}) as ps_median
    from members
    cross join rules
    where
        members.ttm_profit is not null
        and members.ttm_revenue is not null
        and (rules.loss_rule = 'included' or members.ttm_profit > 0)
    group by members.pool, rules.loss_rule

),

methods as (

    select 'aggregate' as method
    union all
    select 'mean' as method
    union all
    select 'median' as method

),

profiles as (

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
    cross join parameters
    cross join methods
    cross join rules
    inner join pools on counts.pool = pools.pool
    left join valued on counts.pool = valued.pool and rules.loss_rule = valued.loss_rule
    left join growth on counts.pool = growth.pool

)

select * from profiles
order by pool, method, loss_rule
