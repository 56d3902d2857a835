with unioned as (

    select * from {{ ref('int_earnings_previews_unioned') }}

),

candidates as (

    select
        code,
        report_period,
        indicator,
        announced_on,
        value_low_cny,
        value_high_cny,
        direction,
        source_note,
        announced_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'report_period',
        'indicator',
        'announced_on'
    ],
    attributes=[
        'value_low_cny',
        'value_high_cny',
        'direction',
        'source_note'
    ], period='report_period'
) }}

select
    code,
    report_period,
    indicator,
    announced_on,
    value_low_cny,
    value_high_cny,
    direction,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by report_period, code, indicator, announced_on, version
