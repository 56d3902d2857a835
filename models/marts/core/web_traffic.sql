with unioned as (

    select * from {{ ref('int_web_traffic_unioned') }}

),

candidates as (

    select
        app,
        period_start,
        period_end,
        app_type,
        owner,
        visits,
        avg_visit_duration_seconds,
        visits_wow_reported,
        duration_wow_reported,
        source_note,
        app_id,
        owner_id,
        period_end + 1 as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'app',
        'period_start',
        'period_end'
    ],
    attributes=[
        'app_type',
        'owner',
        'visits',
        'avg_visit_duration_seconds',
        'visits_wow_reported',
        'duration_wow_reported',
        'source_note'
    ], period='period_end'
) }}

select
    app,
    period_start,
    period_end,
    app_type,
    owner,
    visits,
    avg_visit_duration_seconds,
    visits_wow_reported,
    duration_wow_reported,
    source_note,
    app_id,
    owner_id,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by period_end, app, period_start, version
