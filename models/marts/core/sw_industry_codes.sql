with unioned as (

    select * from {{ ref('int_sw_industry_codes_unioned') }}

),

candidates as (

    select
        industry_code,
        level1,
        level2,
        level3,
        source_note,
        cast(null as date) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'industry_code'
    ],
    attributes=[
        'level1',
        'level2',
        'level3',
        'source_note'
    ]
) }}

select
    industry_code,
    level1,
    level2,
    level3,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by industry_code, version
