with windows as (

    select * from {{ ref('int_windows') }}

),

weeks as (

    select * from {{ ref('int_web_traffic_weeks') }}

),

latest_week as (

    select max(week_starts_on) as week_starts_on from weeks

),

changes as (

    select
        windows.as_of_date,
        windows.known_at,
        weeks.period_start,
        weeks.period_end,
        weeks.app_id,
        weeks.app,
        weeks.app_type_cn,
        weeks.owner_id,
        weeks.owner,
        weeks.weekly_avg_visits,
        weeks.visits_wow,
        weeks.visits_wow_basis,
        weeks.avg_visit_duration,
        weeks.duration_wow,
        weeks.duration_wow_basis,
        weeks.week_starts_on < windows.week_starts_on as is_stale,
        weeks.source_note
    from weeks
    inner join latest_week on weeks.week_starts_on = latest_week.week_starts_on
    cross join windows

),

ranked as (

    select
        as_of_date,
        known_at,
        period_start,
        period_end,
        app_id,
        app,
        app_type_cn,
        owner_id,
        owner,
        weekly_avg_visits,
        visits_wow,
        visits_wow_basis,
        avg_visit_duration,
        duration_wow,
        duration_wow_basis,
        {% for rank, measure in [
            ('rank_visits', 'weekly_avg_visits'),
            ('rank_visits_wow', 'visits_wow'),
            ('rank_duration', 'avg_visit_duration'),
            ('rank_duration_wow', 'duration_wow'),
        ] %}
            case when {{ measure }} is not null then cast(
                row_number() over (order by {{ measure }} desc nulls last, app asc) as integer
            ) end as {{ rank }},
        {% endfor %}
        is_stale,
        source_note
    from changes

)

select * from ranked
order by app
