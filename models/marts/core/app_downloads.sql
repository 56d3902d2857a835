with unioned as (

    select * from {{ ref('int_app_downloads_unioned') }}

),

candidates as (

    select
        app,
        store,
        month,
        downloads,
        is_partial,
        source_note,
        app_id,
        case
            when coalesce(is_partial, 'false') = 'true'
                then least({{ beijing_date('landed_at') }}, last_day(month) + 1)
            else last_day(month) + 1
        end as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'app',
        'store',
        'month'
    ],
    attributes=[
        'downloads',
        'is_partial',
        'source_note'
    ], period='month'
) }}

select
    app,
    store,
    month,
    downloads,
    is_partial,
    source_note,
    app_id,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by month, app, store, version
