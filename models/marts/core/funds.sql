with unioned as (

    select * from {{ ref('int_funds_unioned') }}

),

candidates as (

    select
        fund_code,
        fund_name,
        fund_type,
        share_class,
        fund_company,
        listing_code,
        established_on,
        source_note,
        cast(null as date) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'fund_code'
    ],
    attributes=[
        'fund_name',
        'fund_type',
        'share_class',
        'fund_company',
        'listing_code',
        'established_on',
        'source_note'
    ],
    partial=[
        'fund_company',
        'listing_code',
        'established_on'
    ]
) }}

select
    fund_code,
    fund_name,
    fund_type,
    share_class,
    fund_company,
    listing_code,
    established_on,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by fund_code, version
