select
    windows.as_of_date,
    windows.known_at,
    weeks.period_start,
    weeks.period_end,
    weeks.app_id,
    last_value(weeks.app) over site as app,
    weeks.app_type_cn,
    weeks.weekly_avg_visits,
    weeks.visits_wow,
    weeks.visits_wow_basis,
    weeks.period_end = max(weeks.period_end) over site as is_latest,
    weeks.source_note
from {{ ref('int_web_traffic_weeks') }} as weeks
cross join {{ ref('int_windows') }} as windows
where weeks.period_end >= windows.twelve_months_starts_on
-- A site keeps one name along its line: the last one.
window
    site as (
        partition by weeks.app_id order by weeks.period_end
        rows between unbounded preceding and unbounded following
    )
order by weeks.app_id asc, weeks.period_end asc
