with unioned as (

    select * from {{ ref('int_eps_forecasts_unioned') }}

),

candidates as (

    select
        code,
        fiscal_year,
        as_of_date,
        provider,
        eps,
        kind,
        currency,
        institutions,
        source_note,
        as_of_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'fiscal_year',
        'as_of_date',
        'provider'
    ],
    attributes=[
        'eps',
        'kind',
        'currency',
        'institutions',
        'source_note'
    ], period='as_of_date',
    partial=[
        'institutions'
    ]
) }}

select
    code,
    fiscal_year,
    as_of_date,
    provider,
    eps,
    kind,
    currency,
    institutions,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, code, fiscal_year, provider, version
