-- One row per fund and window of months: the return, and the one basis on which both ends
-- and all between them stand, or the reason why there is none (docs/market_tables.md).
{% set rounding = nav_rounding() %}
with sessions as (

    select distinct trade_date
    from {{ ref('trading_days') }}
    where market = 'CN'

),

-- These publish no NAV on the holidays of the markets they invest in.
overseas_funds as (

    select distinct fund_code
    from {{ ref('int_theme_funds') }}
    where fund_type like '%QDII%' or fund_type like '%海外%' or fund_name like '%QDII%'

),

asked as (

    {% for months in fund_windows() %}
        select
            {{ months }} as months,
            {{ months_before('as_of_date', months) }} as asked_on
        from {{ ref('int_run_parameters') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- How often the fund published before the base: a new one does so once a week.
windows as (

    select
        steps.fund_code,
        asked.months,
        asked.asked_on,
        max(steps.nav_date) as nav_on,
        max(steps.nav_date) filter (where steps.nav_date <= asked.asked_on) as base_on,
        max(steps.days_between) filter (
            where steps.nav_date <= asked.asked_on and steps.nav_date > asked.asked_on - 45
        ) as most_days,
        percentile_disc(0.5) within group (order by steps.days_between) filter (
            where steps.nav_date <= asked.asked_on and steps.nav_date > asked.asked_on - 45
        ) as usual_days,
        count(steps.days_between) filter (
            where steps.nav_date <= asked.asked_on and steps.nav_date > asked.asked_on - 45
        ) as recent_steps
    from {{ ref('int_nav_steps') }} as steps
    cross join asked
    group by steps.fund_code, asked.months, asked.asked_on

),

-- Steps up to the base tell of the time before it: whether unit and cumulative NAV moved by
-- the same amount then.
steps as (

    select
        windows.months,
        windows.base_on,
        windows.nav_on,
        steps.*,
        steps.nav_date > windows.base_on as is_inside,
        steps.nav_date >= windows.base_on as is_of_window,
        abs(steps.paid) <= {{ rounding }} as is_even,
        abs(steps.nav_gain) >= 20 * {{ rounding }} as is_moving
    from {{ ref('int_nav_steps') }} as steps
    inner join windows on steps.fund_code = windows.fund_code

),

ends as (

    select
        fund_code,
        months,
        max(nav) filter (where nav_date = base_on) as nav_base,
        max(nav) filter (where nav_date = nav_on) as nav_end,
        max(nav_cumulative) filter (where nav_date = base_on) as cumulative_base,
        max(nav_cumulative) filter (where nav_date = nav_on) as cumulative_end,
        max(nav_adjusted) filter (where nav_date = base_on) as adjusted_base,
        max(nav_adjusted) filter (where nav_date = nav_on) as adjusted_end,
        max(adjusted_factor) filter (where nav_date = nav_on) as factor_end,
        count(*) >= 6
        and min(nav) = max(nav)
        and coalesce(min(nav_cumulative) = max(nav_cumulative), true)
        and coalesce(sum(distribution), 0) = 0 as is_constant,
        -- All of one load, or grown from a base that no later payment moves.
        bool_and(nav_adjusted is not null)
        and not coalesce(
            bool_or(is_adjusted_jump) filter (where is_inside), false
        )
        and (
            count(distinct load_id) = 1
            or (
                min(adjusted_factor) > 0.9995
                and min(adjusted_factor_step) filter (where is_inside) > 0.9995
                and max(adjusted_factor) filter (where nav_date = nav_on) > 1.0005
            )
        ) as is_one_adjusted_series,
        coalesce(
            max(abs(adjusted_factor_step - 1)) filter (where is_inside) > 0.0005, false
        ) as factor_moves,
        coalesce(bool_or(is_jump) filter (where is_inside), false) as holds_a_jump,
        coalesce(
            bool_or((is_jump or is_witness_jump) and is_even) filter (where is_inside), false
        ) as holds_an_even_jump,
        min(nav_date) filter (where is_inside and not is_even) as broken_on,
        -- Paid by the source's own word.
        coalesce(bool_or(distribution > 0) filter (where is_inside), false) as is_distributed,
        sum(ln(paid_growth)) filter (where is_inside) as ln_paid_growth,
        coalesce(bool_or(is_over_a_hole) filter (where is_inside), false) as holds_a_hole,
        coalesce(bool_or(is_paid_jump) filter (where is_inside), false)
            as holds_an_unpaid_jump,
        coalesce(
            bool_or(
                distribution > 0
                and not is_gain_over_a_hole
                and abs(distribution - paid) > 10 * {{ rounding }}
            ) filter (where is_inside),
            false
        ) as pays_otherwise,
        -- After a split, cumulative NAV moves by a multiple of what unit NAV moves by.
        sum(gain * nav_gain) filter (where is_inside)
        / nullif(sum(nav_gain * nav_gain) filter (where is_inside), 0) as multiple,
        count(*) filter (where is_inside and is_moving) >= 6
        and sum(nav_gain * nav_gain) filter (where is_inside)
        - max(nav_gain * nav_gain) filter (where is_inside) >= 0.0009 as shows_a_multiple
    from steps
    where is_of_window
    group by fund_code, months

),

-- The first step in which unit and cumulative NAV part; units: how many of then stand for
-- one of before, if it was a split.
breaks as (

    select
        steps.fund_code,
        steps.months,
        steps.nav_date as broken_on,
        steps.paid,
        steps.nav,
        steps.witness_nav + steps.gain as worth,
        steps.is_gain_over_a_hole,
        steps.units
    from steps
    inner join ends
        on
            steps.fund_code = ends.fund_code
            and steps.months = ends.months
            and steps.nav_date = ends.broken_on

),

around as (

    select
        steps.fund_code,
        steps.months,
        {{ value_at_max('steps.is_even', 'steps.nav_date') }} filter (
            where steps.is_moving and steps.nav_date < breaks.broken_on
        ) as is_even_before,
        bool_and(steps.is_even) filter (where steps.nav_date > breaks.broken_on)
            as is_even_after,
        coalesce(
            bool_or(steps.is_even and steps.is_moving) filter (
                where steps.nav_date > breaks.broken_on
            ),
            false
        ) as is_seen_even_after,
        bool_and(
            abs(steps.gain - breaks.units * steps.nav_gain)
            <= (1 + breaks.units) * {{ rounding }}
        ) filter (where steps.nav_date > breaks.broken_on) as is_split_after,
        coalesce(
            bool_or(steps.paid < -{{ rounding }}) filter (
                where steps.nav_date > breaks.broken_on
            ),
            false
        ) as takes_after,
        coalesce(
            bool_or(steps.is_growth_jump and not steps.is_even) filter (where steps.is_inside),
            false
        ) as grows_by_a_jump,
        coalesce(
            max(steps.units) filter (where steps.is_inside and not steps.is_even), 0
        ) as most_units,
        coalesce(
            bool_or(steps.is_gain_over_a_hole and not steps.is_even) filter (
                where steps.is_inside
            ),
            false
        ) as pays_over_a_hole,
        bool_and(ends.shows_a_multiple and not ends.holds_a_jump)
        and coalesce(
            bool_and(
                ends.multiple > 0
                and abs(steps.gain - ends.multiple * steps.nav_gain)
                <= (1 + ends.multiple) * {{ rounding }}
            ) filter (where steps.is_inside),
            false
        ) as keeps_one_multiple,
        sum(
            ln(
                case
                    when steps.is_even then steps.nav / steps.witness_nav else steps.growth
                end
            )
        ) filter (where steps.is_inside and steps.growth > 0) as ln_growth
    from steps
    inner join ends on steps.fund_code = ends.fund_code and steps.months = ends.months
    left join breaks on steps.fund_code = breaks.fund_code and steps.months = breaks.months
    group by steps.fund_code, steps.months

),

-- What cumulative NAV proves of a window of which both ends have one.
witnessed as (

    select
        ends.*,
        breaks.worth / ends.nav_base * ends.nav_end / breaks.nav - 1 as change_over_split,
        exp(around.ln_growth) - 1 as change_reinvested,
        case
            when ends.cumulative_base is null or ends.cumulative_end is null then null
            when ends.holds_an_even_jump then 'unexplained_jump'
            when breaks.broken_on is null and ends.holds_a_jump then 'unexplained_jump'
            when breaks.broken_on is null or around.keeps_one_multiple then 'unit_nav'
            when around.grows_by_a_jump then 'unexplained_jump'
            when
                not coalesce(
                    around.is_even_before,
                    abs(ends.cumulative_base - ends.nav_base) <= {{ rounding }}
                )
                then 'action_unproven'
            when ends.pays_otherwise then 'distribution_contradicted'
            when breaks.paid < 0
                then case
                    when breaks.units < 0.9 and coalesce(around.is_split_after, true)
                        then 'split'
                    else 'action_unproven'
                end
            when coalesce(around.is_even_after, true)
                then case
                    when not breaks.is_gain_over_a_hole then 'distributions_reinvested'
                    when around.is_even_after is null or breaks.units < 1.2
                        then 'distributions_simple'
                    else 'action_unproven'
                end
            when around.is_split_after then 'split'
            when
                around.takes_after
                or not around.is_seen_even_after
                or around.most_units >= 1.2
                then 'action_unproven'
            when around.pays_over_a_hole then 'distributions_simple'
            else 'distributions_reinvested'
        end as witness
    from ends
    inner join around on ends.fund_code = around.fund_code and ends.months = around.months
    left join breaks on ends.fund_code = breaks.fund_code and ends.months = breaks.months

),

changes as (

    select
        *,
        nav_end / nav_base - 1 as change_unit,
        adjusted_end / adjusted_base - 1 as change_adjusted,
        exp(ln_paid_growth) - 1 as change_paid,
        case witness
            when 'unit_nav' then nav_end / nav_base - 1
            when 'split' then change_over_split
            when 'distributions_reinvested' then change_reinvested
            when 'distributions_simple' then (cumulative_end - cumulative_base) / nav_base
        end as change_witnessed
    from witnessed

),

verdicts as (

    select
        windows.fund_code,
        windows.months,
        changes.change_unit,
        changes.change_adjusted,
        changes.change_paid,
        changes.change_witnessed,
        changes.witness,
        case
            when windows.base_on is null then 'no_base'
            when windows.base_on < windows.asked_on - 10 then 'base_lost'
            when
                {{ days_between('windows.base_on', 'windows.asked_on') }} >= case
                    when windows.recent_steps < 3 then coalesce(windows.most_days, 1)
                    else windows.usual_days
                end
                and overseas_funds.fund_code is null
                and exists (
                    select 1
                    from sessions
                    where
                        sessions.trade_date > windows.base_on
                        and sessions.trade_date <= windows.asked_on
                )
                then 'base_lost'
            when
                changes.is_one_adjusted_series
                and abs(changes.change_adjusted - changes.change_witnessed)
                > case changes.witness when 'distributions_simple' then 0.02 else 0.005 end
                then 'adjusted_contradicted'
            when changes.is_one_adjusted_series then 'adjusted_nav'
            when changes.is_constant then 'constant_nav'
            when changes.witness <> 'action_unproven' then changes.witness
            when changes.is_distributed and not changes.holds_a_hole
                then case
                    when changes.holds_an_unpaid_jump then 'unexplained_jump'
                    else 'distributions_reinvested'
                end
            when changes.witness is not null or changes.is_distributed then 'action_unproven'
            when changes.holds_a_jump then 'unexplained_jump'
            when changes.broken_on is not null or changes.factor_moves then 'action_unproven'
            -- Nothing was ever paid or split up to the end.
            when abs(changes.cumulative_end - changes.nav_end) <= {{ rounding }} then 'unit_nav'
            when changes.cumulative_end is not null then 'end_unproven'
            when abs(changes.factor_end - 1) > 0.0005 then 'end_unproven'
            else 'unit_nav_alone'
        end as verdict
    from windows
    left join overseas_funds on windows.fund_code = overseas_funds.fund_code
    left join changes
        on
            windows.fund_code = changes.fund_code
            and windows.months = changes.months

)

select
    verdicts.fund_code,
    verdicts.months,
    words.return_kind,
    words.label_zh,
    round(
        case
            when words.return_kind is null then null
            when verdicts.verdict = 'adjusted_nav' then verdicts.change_adjusted
            when verdicts.verdict = verdicts.witness then verdicts.change_witnessed
            when verdicts.verdict = 'distributions_reinvested' then verdicts.change_paid
            else verdicts.change_unit
        end,
        8
    ) as change
from verdicts
left join {{ ref('fund_return_verdicts') }} as words on verdicts.verdict = words.verdict
