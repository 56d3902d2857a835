with unioned as (

    select * from {{ ref('int_fund_sizes_unioned') }}

),

candidates as (

    select
        fund_code,
        as_of_date,
        size_basis,
        fund_size_cny,
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
        'fund_code',
        'as_of_date',
        'size_basis'
    ],
    attributes=[
        'fund_size_cny',
        'source_note'
    ], period='as_of_date'
) }}

select
    fund_code,
    as_of_date,
    size_basis,
    fund_size_cny,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, fund_code, size_basis, version
