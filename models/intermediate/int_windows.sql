-- One row: the day of the report and the days on which its windows begin. A base is the
-- last close before such a day; look_back_from bounds every read of history.
select
    as_of_date,
    known_at,
    {{ week_start('as_of_date') }} as week_starts_on,
    cast({{ week_start('as_of_date') }} - 7 as date) as previous_week_starts_on,
    {{ month_start('as_of_date') }} as month_starts_on,
    {{ year_start('as_of_date') }} as year_starts_on,
    {{ months_before(year_start('as_of_date'), 12) }} as previous_year_starts_on,
    -- The base of a window of n months is the last close on or before the day n months ago.
    cast({{ months_before('as_of_date', 1) }} + 1 as date) as one_month_starts_on,
    cast({{ months_before('as_of_date', 3) }} + 1 as date) as three_months_starts_on,
    cast({{ months_before('as_of_date', 12) }} + 1 as date) as twelve_months_starts_on,
    cast({{ months_before(year_start('as_of_date'), 12) }} - 31 as date) as look_back_from
from {{ ref('int_run_parameters') }}
