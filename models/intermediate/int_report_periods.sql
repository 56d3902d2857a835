-- The windows of a weekly and of a monthly that end on the report day, one row each.
select
    windows.as_of_date,
    windows.known_at,
    periods.period,
    case periods.period when 'week' then windows.week_starts_on else windows.month_starts_on end
        as window_start,
    windows.as_of_date as window_end
from {{ ref('int_windows') }} as windows
cross join (values ('week'), ('month')) as periods (period)
