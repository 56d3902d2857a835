-- One row per site and ISO week in the look-back, with its change since the week before.
with weeks as (

    select
        *,
        {{ week_start('period_end') }} as week_starts_on
    from {{ known_versions('web_traffic', where=in_look_back('period_end')) }} as known
    qualify
        row_number() over (
            partition by app_id, {{ week_start('period_end') }}
            order by period_end desc, period_start asc, app asc
        ) = 1

)

-- A change is computed where last week's level is known, else taken as reported. Visits of
-- five days are no base for visits of seven.
select
    this_week.week_starts_on,
    this_week.period_start,
    this_week.period_end,
    this_week.app_id,
    this_week.app,
    this_week.app_type as app_type_cn,
    this_week.owner_id,
    this_week.owner,
    this_week.visits as weekly_avg_visits,
    coalesce(
        {{ period_change('this_week.visits', 'comparable.visits') }},
        this_week.visits_wow_reported
    ) as visits_wow,
    case
        when comparable.visits > 0 then 'computed'
        when this_week.visits_wow_reported is not null then 'reported'
    end as visits_wow_basis,
    round(this_week.avg_visit_duration_seconds, 0) as avg_visit_duration,
    coalesce(
        {{ period_change(
            'round(this_week.avg_visit_duration_seconds, 0)',
            'round(last_week.avg_visit_duration_seconds, 0)'
        ) }},
        this_week.duration_wow_reported
    ) as duration_wow,
    case
        when last_week.avg_visit_duration_seconds > 0 then 'computed'
        when this_week.duration_wow_reported is not null then 'reported'
    end as duration_wow_basis,
    this_week.source_note
from weeks as this_week
left join weeks as last_week
    on
        this_week.app_id = last_week.app_id
        and this_week.week_starts_on = last_week.week_starts_on + 7
left join weeks as comparable
    on
        last_week.app_id = comparable.app_id
        and last_week.week_starts_on = comparable.week_starts_on
        and this_week.period_end - this_week.period_start
        = comparable.period_end - comparable.period_start
