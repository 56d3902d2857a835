with windows as (

    select * from {{ ref('int_windows') }}

),

series as (

    select * from {{ ref('rate_series') }}

),

yields as (

    select *
    from {{ known_versions(
        ref('government_yields'),
        key=['country', 'tenor', 'date'],
        where='fact.date <= parameters.as_of_date
            and fact.date >= (select look_back_from from ' ~ ref('int_windows') ~ ')'
    ) }} as known

),

fixings as (

    select *
    from {{ known_versions(
        ref('fx_fixings'),
        key=['pair', 'fixing_date'],
        where='fact.fixing_date <= parameters.as_of_date
            and fact.fixing_date >= (select look_back_from from ' ~ ref('int_windows') ~ ')'
    ) }} as known

),

observations as (

    select
        series.series_id,
        series.series,
        series.level_unit,
        series.change_unit,
        series.change_factor,
        yields.date as observed_on,
        yields.yield_pct as level,
        yields.source_note
    from series
    inner join yields on series.country = yields.country and series.tenor = yields.tenor
    where series.kind = 'yield'
    union all
    select
        series.series_id,
        series.series,
        series.level_unit,
        series.change_unit,
        series.change_factor,
        fixings.fixing_date as observed_on,
        fixings.rate as level,
        fixings.source_note
    from series
    inner join fixings on series.pair = fixings.pair
    where series.kind = 'fixing'

),

levels as (

    select
        observations.series_id,
        observations.series,
        observations.level_unit,
        observations.change_unit,
        observations.change_factor,
        max(observations.observed_on) as level_on,
        max_by(observations.level, observations.observed_on) as level,
        max_by(observations.source_note, observations.observed_on) as source_note,
        max(observations.observed_on)
        filter (where observations.observed_on < windows.week_starts_on) as base_on,
        max_by(observations.level, observations.observed_on)
        filter (where observations.observed_on < windows.week_starts_on) as base_level
    from observations
    cross join windows
    group by
        observations.series_id,
        observations.series,
        observations.level_unit,
        observations.change_unit,
        observations.change_factor

),

changes as (

    select
        windows.as_of_date,
        windows.known_at,
        levels.base_on,
        levels.level_on,
        levels.series_id,
        levels.series,
        round(levels.level, 6) as level,
        levels.level_unit,
        case
            when levels.level_on >= windows.week_starts_on
                then round((levels.level - levels.base_level) * levels.change_factor, 4)
        end as change,
        levels.change_unit,
        levels.source_note
    from levels
    cross join windows

)

select * from changes
order by series_id
