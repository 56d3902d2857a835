-- Each known observation of the yields and fixings that are printed, in the look-back.
select
    series.series_id,
    series.series,
    series.country,
    series.pair,
    series.level_unit,
    series.change_unit,
    series.change_factor,
    yields.date as observed_on,
    yields.yield_pct as level,
    yields.source_note
from {{ ref('rate_series') }} as series
inner join {{ known_versions(
    'government_yields',
    where=in_look_back('date')
) }} as yields on series.country = yields.country and series.tenor = yields.tenor
where series.kind = 'yield'
union all
select
    series.series_id,
    series.series,
    series.country,
    series.pair,
    series.level_unit,
    series.change_unit,
    series.change_factor,
    fixings.fixing_date as observed_on,
    fixings.rate as level,
    fixings.source_note
from {{ ref('rate_series') }} as series
inner join {{ known_versions(
    'fx_fixings',
    where=in_look_back('fixing_date')
) }} as fixings on series.pair = fixings.pair
where series.kind = 'fixing'
