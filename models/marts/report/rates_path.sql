with levels as (

    select
        observations.*,
        first_value(observations.observed_on) over so_far as base_on,
        first_value(observations.level) over so_far as base_level
    from {{ ref('int_rate_observations') }} as observations
    cross join {{ ref('int_windows') }} as windows
    where observations.observed_on >= windows.twelve_months_starts_on
    window so_far as (
        partition by observations.series_id order by observations.observed_on
    )

)

select
    windows.as_of_date,
    windows.known_at,
    levels.series_id,
    levels.series,
    levels.country,
    levels.pair,
    levels.observed_on,
    round(levels.level, 6) as level,
    levels.level_unit,
    levels.base_on,
    round((levels.level - levels.base_level) * levels.change_factor, 4) as change,
    levels.change_unit,
    levels.source_note
from levels
cross join {{ ref('int_windows') }} as windows
order by levels.series_id, levels.observed_on
