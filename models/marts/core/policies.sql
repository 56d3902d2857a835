with unioned as (

    select * from {{ ref('int_policies_unioned') }}

),

candidates as (

    select
        issued_on,
        title,
        published_on,
        issuer,
        level,
        url,
        source_note,
        coalesce(published_on, issued_on) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'issued_on',
        'title'
    ],
    attributes=[
        'published_on',
        'issuer',
        'level',
        'url',
        'source_note'
    ], period='issued_on'
) }}

select
    issued_on,
    title,
    published_on,
    issuer,
    level,
    url,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by issued_on, title, version
