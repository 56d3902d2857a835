with levels as (

    select
        observations.series_id,
        observations.series,
        observations.country,
        observations.pair,
        observations.level_unit,
        observations.change_unit,
        observations.change_factor,
        max(observations.observed_on) as level_on,
        {{ value_at_max('observations.level', 'observations.observed_on') }} as level,
        {{ value_at_max('observations.source_note', 'observations.observed_on') }}
            as source_note,
        max(observations.observed_on)
        filter (where observations.observed_on < windows.week_starts_on) as base_on,
        {{ value_at_max('observations.level', 'observations.observed_on') }}
        filter (where observations.observed_on < windows.week_starts_on) as base_level
    from {{ ref('int_rate_observations') }} as observations
    cross join {{ ref('int_windows') }} as windows
    group by all

)

select
    windows.as_of_date,
    windows.known_at,
    levels.base_on,
    levels.level_on,
    levels.series_id,
    levels.series,
    levels.country,
    levels.pair,
    round(levels.level, 6) as level,
    levels.level_unit,
    case
        when levels.level_on >= windows.week_starts_on
            then round((levels.level - levels.base_level) * levels.change_factor, 4)
    end as change,
    levels.change_unit,
    levels.source_note
from levels
cross join {{ ref('int_windows') }} as windows
order by series_id
