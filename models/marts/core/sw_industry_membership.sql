with unioned as (

    select * from {{ ref('int_sw_industry_membership_unioned') }}

),

candidates as (

    select
        code,
        effective_from,
        industry_code,
        updated_on,
        source_note,
        effective_from as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'effective_from'
    ],
    attributes=[
        'industry_code',
        'updated_on',
        'source_note'
    ], period='effective_from'
) }}

select
    code,
    effective_from,
    industry_code,
    updated_on,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by effective_from, code, version
