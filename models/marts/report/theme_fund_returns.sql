with funds as {{ known_versions('funds') }},

-- A fund belongs to a theme by the words of its name, or because a report names it.
members as (

    select
        themes.theme,
        funds.fund_code
    from {{ ref('fund_themes') }} as themes
    inner join funds on contains(funds.fund_name, themes.name_contains)
    union
    select
        theme,
        fund_code
    from {{ ref('fund_theme_members') }}

),

latest_sizes as (

    select
        fund_code,
        max(as_of_date) as fund_size_on,
        max_by(fund_size_cny, as_of_date) as fund_size
    from {{ known_versions(
        'fund_sizes',
        where='fact.as_of_date <= parameters.as_of_date'
    ) }} as known
    where size_basis is null or size_basis = 'class'
    group by fund_code

),

-- The window ends at the last NAV that is known, and starts at the last NAV on or before
-- the caption date minus n months. Reinvested where the source adjusts.
levels as (

    select
        navs.fund_code,
        max(navs.nav_date) as nav_on,
        max_by(navs.nav, navs.nav_date) as nav,
        max_by(navs.source_note, navs.nav_date) as source_note,
        max_by(coalesce(navs.nav_adjusted, navs.nav), navs.nav_date) as level,
    {% for months in [1, 3, 6] %}
        max_by(coalesce(navs.nav_adjusted, navs.nav), navs.nav_date)
        filter (
            where navs.nav_date <= {{ months_before('as_of_date', months) }}
        )
            as base_{{ months }}m{{ ',' if not loop.last }}
    {% endfor %}
    from {{ known_versions(
        'fund_navs',
        where=in_look_back('nav_date', months_before('parameters.as_of_date', 6) ~ ' - 31')
    ) }} as navs
    cross join run_parameters
    group by navs.fund_code

)

select
    parameters.as_of_date,
    parameters.known_at,
    members.theme,
    members.fund_code,
    coalesce(funds.fund_name, named_members.fund_name) as fund_name,
    funds.fund_type,
    latest_sizes.fund_size,
    latest_sizes.fund_size_on,
    levels.nav,
    levels.nav_on,
    {% for months in [1, 3, 6] %}
        case
            when levels.nav_on >= parameters.as_of_date - 10
                then {{ period_change('levels.level', 'levels.base_' ~ months ~ 'm') }}
        end as return_{{ months }}m,
    {% endfor %}
    coalesce(levels.nav_on < parameters.as_of_date - 10, true) as is_stale,
    case
        when levels.nav_on is null then '无净值'
        when levels.nav_on < parameters.as_of_date - 10
            then '最后净值早于报告日十天以上'
    end as stale_reason,
    coalesce(levels.source_note, funds.source_note) as source_note
from members
cross join run_parameters as parameters
left join {{ ref('fund_theme_members') }} as named_members using (theme, fund_code)
left join funds on members.fund_code = funds.fund_code
left join latest_sizes on members.fund_code = latest_sizes.fund_code
left join levels on members.fund_code = levels.fund_code
order by theme, fund_code
