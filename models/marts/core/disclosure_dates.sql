with unioned as (

    select * from {{ ref('int_disclosure_dates_unioned') }}

),

candidates as (

    select
        code,
        report_period,
        planned_on,
        announced_on,
        source_note,
        {{ beijing_date('landed_at') }} as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'report_period'
    ],
    attributes=[
        'planned_on',
        'announced_on',
        'source_note'
    ], period='report_period'
) }}

select
    code,
    report_period,
    planned_on,
    announced_on,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by report_period, code, version
