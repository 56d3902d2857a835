-- The NAVs of the themes' funds in the look-back, each with the step that led to it. A step
-- of unit NAV comes from the NAV before; a step of cumulative NAV from the last one that had a
-- cumulative NAV, and what was paid on its way is the part that unit NAV does not show.
{% set first_day = months_before('parameters.as_of_date', fund_windows() | max) ~ ' - 31' %}
with sessions as (

    select distinct days.trade_date
    from {{ ref('trading_days') }} as days
    cross join {{ ref('int_run_parameters') }} as parameters
    where
        days.market = 'CN'
        and days.trade_date <= parameters.as_of_date
        and days.trade_date >= {{ first_day }}

),

funds as (

    select distinct fund_code
    from {{ ref('int_theme_funds') }}

),

navs as (

    select
        navs.*,
        lag(navs.nav_date) over by_day as earlier_on,
        lag(navs.nav) over by_day as earlier_nav,
        lag(navs.nav_adjusted) over by_day as earlier_adjusted
    from {{ known_versions(
        'fund_navs', where=in_look_back('nav_date', first_day)
    ) }} as navs
    inner join funds on navs.fund_code = funds.fund_code
    window by_day as (partition by navs.fund_code order by navs.nav_date)

),

witnessed as (

    select
        fund_code,
        nav_date,
        nav_cumulative - lag(nav_cumulative) over by_day as gain,
        lag(nav_date) over by_day as witness_on,
        lag(nav) over by_day as witness_nav
    from navs
    where nav_cumulative is not null
    window by_day as (partition by fund_code order by nav_date)

),

usual_steps as (

    select
        nav_date,
        earlier_on,
        median(nav / earlier_nav) as usual_factor,
        count(*) as peers
    from navs
    where earlier_nav is not null
    group by nav_date, earlier_on

)

select
    navs.fund_code,
    navs.nav_date,
    navs.nav,
    navs.nav_cumulative,
    navs.nav_adjusted,
    navs.distribution,
    navs.load_id,
    navs.source_note,
    navs.earlier_on,
    navs.earlier_nav,
    {{ days_between('navs.earlier_on', 'navs.nav_date') }} as days_between,
    {{ is_over_a_hole('navs.earlier_on', 'navs.nav_date') }} as is_over_a_hole,
    {{ is_nav_jump('navs.nav / navs.earlier_nav') }} as is_jump,
    {{ is_nav_jump('navs.nav_adjusted / navs.earlier_adjusted') }} as is_adjusted_jump,
    (navs.nav + coalesce(navs.distribution, 0)) / navs.earlier_nav as paid_growth,
    {{ is_nav_jump('(navs.nav + coalesce(navs.distribution, 0)) / navs.earlier_nav') }}
        as is_paid_jump,
    {{ is_nav_jump('navs.nav / witnessed.witness_nav') }} as is_witness_jump,
    1 + witnessed.gain / witnessed.witness_nav as growth,
    {{ is_nav_jump('1 + witnessed.gain / witnessed.witness_nav') }} as is_growth_jump,
    (witnessed.witness_nav + witnessed.gain) / navs.nav as units,
    navs.nav_adjusted / navs.nav as adjusted_factor,
    (navs.nav_adjusted / navs.nav) / (navs.earlier_adjusted / navs.earlier_nav)
        as adjusted_factor_step,
    witnessed.witness_on,
    witnessed.witness_nav,
    witnessed.gain,
    {{ is_over_a_hole('witnessed.witness_on', 'navs.nav_date') }} as is_gain_over_a_hole,
    round(navs.nav - witnessed.witness_nav, 6) as nav_gain,
    round(witnessed.gain - (navs.nav - witnessed.witness_nav), 6) as paid
from navs
left join witnessed
    on
        navs.fund_code = witnessed.fund_code
        and navs.nav_date = witnessed.nav_date
left join usual_steps
    on
        navs.nav_date = usual_steps.nav_date
        and navs.earlier_on = usual_steps.earlier_on
