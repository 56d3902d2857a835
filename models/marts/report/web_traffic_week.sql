with latest_week as (

    select * from {{ ref('int_web_traffic_weeks') }}
    qualify week_starts_on = max(week_starts_on) over ()

)

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
    {% for rank, measure in [
        ('rank_visits', 'weekly_avg_visits'),
        ('rank_visits_wow', 'visits_wow'),
        ('rank_duration', 'avg_visit_duration'),
        ('rank_duration_wow', 'duration_wow'),
    ] %}
        case when weeks.{{ measure }} is not null then cast(
            row_number() over (order by weeks.{{ measure }} desc nulls last, weeks.app asc)
            as integer
        ) end as {{ rank }},
    {% endfor %}
    weeks.week_starts_on < windows.week_starts_on as is_stale,
    weeks.source_note
from latest_week as weeks
cross join {{ ref('int_windows') }} as windows
order by app
