with latest_sizes as (

    select
        fund_code,
        max(as_of_date) as fund_size_on,
        {{ value_at_max('fund_size_cny', 'as_of_date') }} as fund_size
    from {{ known_versions(
        'fund_sizes',
        where='fact.as_of_date <= parameters.as_of_date'
    ) }} as known
    where size_basis is null or size_basis = 'class'
    group by fund_code

),

-- The window ends at the last NAV that is known.
latest_navs as (

    select
        fund_code,
        max(nav_date) as nav_on,
        {{ value_at_max('nav', 'nav_date') }} as nav,
        {{ value_at_max('source_note', 'nav_date') }} as source_note
    from {{ ref('int_nav_steps') }}
    group by fund_code

),

judged as (

    select
        themes.*,
        latest_navs.nav,
        latest_navs.nav_on,
        coalesce(latest_navs.source_note, themes.source_note) as note,
        case
            when latest_navs.nav_on is null then '无净值'
            when latest_navs.nav_on < parameters.as_of_date - 10
                then '最后净值早于报告日十天以上'
        end as stale_reason
    from {{ ref('int_theme_funds') }} as themes
    cross join {{ ref('int_run_parameters') }} as parameters
    left join latest_navs on themes.fund_code = latest_navs.fund_code

)

select
    parameters.as_of_date,
    parameters.known_at,
    judged.theme,
    judged.fund_code,
    judged.fund_name,
    judged.fund_type,
    latest_sizes.fund_size,
    latest_sizes.fund_size_on,
    judged.nav,
    judged.nav_on,
    {% for months in fund_windows() %}
        case when judged.stale_reason is null then over_{{ months }}m.change end
            as return_{{ months }}m,
    {% endfor %}
    {% for months in fund_windows() %}
        case
            when judged.stale_reason is null and over_{{ months }}m.change is not null
                then over_{{ months }}m.label_zh
        end as return_{{ months }}m_basis,
        case
            when judged.stale_reason is not null then judged.stale_reason
            when over_{{ months }}m.change is null then over_{{ months }}m.label_zh
        end as return_{{ months }}m_reason,
    {% endfor %}
    judged.stale_reason is not null as is_stale,
    judged.stale_reason,
    judged.note as source_note
from judged
cross join {{ ref('int_run_parameters') }} as parameters
left join latest_sizes on judged.fund_code = latest_sizes.fund_code
{% for months in fund_windows() %}
    left join {{ ref('int_fund_returns') }} as over_{{ months }}m
        on
            judged.fund_code = over_{{ months }}m.fund_code
            and over_{{ months }}m.months = {{ months }}
{% endfor %}
order by theme, fund_code
