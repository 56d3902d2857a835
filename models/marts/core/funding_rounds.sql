with unioned as (

    select * from {{ ref('int_funding_rounds_unioned') }}

),

candidates as (

    select
        company,
        announced_on,
        round,
        reported_by,
        sector,
        amount_text,
        amount_qualifier,
        amount_number,
        amount_scale,
        currency,
        investors,
        lead_investors,
        printed_from,
        printed_to,
        source_note,
        company_id,
        announced_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'company',
        'announced_on',
        'round',
        'reported_by'
    ],
    attributes=[
        'sector',
        'amount_text',
        'amount_qualifier',
        'amount_number',
        'amount_scale',
        'currency',
        'investors',
        'lead_investors',
        'printed_from',
        'printed_to',
        'source_note'
    ], period='announced_on'
) }}

select
    company,
    announced_on,
    round,
    reported_by,
    sector,
    amount_text,
    amount_qualifier,
    amount_number,
    amount_scale,
    currency,
    investors,
    lead_investors,
    printed_from,
    printed_to,
    source_note,
    company_id,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by announced_on, company, round, reported_by, version
