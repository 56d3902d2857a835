with unioned as (

    select * from {{ ref('int_concept_members_unioned') }}

),

candidates as (

    select
        concept_code,
        code,
        as_of_date,
        concept_name,
        source_note,
        as_of_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'concept_code',
        'code',
        'as_of_date'
    ],
    attributes=[
        'concept_name',
        'source_note'
    ], period='as_of_date'
) }}

select
    concept_code,
    code,
    as_of_date,
    concept_name,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, concept_code, code, version
