with unioned as (

    select * from {{ ref('int_index_valuations_unioned') }}

),

candidates as (

    select
        index_code,
        as_of_date,
        method,
        pe_ttm,
        ps_ttm,
        pb,
        loss_rule,
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
        'index_code',
        'as_of_date',
        'method'
    ],
    attributes=[
        'pe_ttm',
        'ps_ttm',
        'pb',
        'loss_rule',
        'source_note'
    ], period='as_of_date',
    partial=[
        'ps_ttm',
        'pb',
        'loss_rule'
    ]
) }}

select
    index_code,
    as_of_date,
    method,
    pe_ttm,
    ps_ttm,
    pb,
    loss_rule,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, index_code, method, version
