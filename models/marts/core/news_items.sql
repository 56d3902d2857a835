with unioned as (

    select * from {{ ref('int_news_items_unioned') }}

),

candidates as (

    select
        section,
        published_on,
        headline,
        event_on,
        subject,
        publisher,
        url,
        source_note,
        published_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'section',
        'published_on',
        'headline'
    ],
    attributes=[
        'event_on',
        'subject',
        'publisher',
        'url',
        'source_note'
    ], period='published_on',
    partial=[
        'subject',
        'event_on'
    ]
) }}

select
    section,
    published_on,
    headline,
    event_on,
    subject,
    publisher,
    url,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by published_on, section, headline, version
