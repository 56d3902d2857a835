with unioned as (

    select * from {{ ref('int_fund_navs_unioned') }}

),

nav_days as (

    select * from {{ ref('int_nav_days') }}

),

candidates as (

    select
        unioned.fund_code,
        unioned.nav_date,
        unioned.nav,
        nav_cumulative,
        nav_adjusted,
        distribution,
        source_note,
        coalesce(nav_days.next_nav_day, unioned.nav_date + 1) as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row,
        not_carried
    from unioned
    left join nav_days on unioned.nav_date = nav_days.nav_date

),

{{ new_versions(
    'candidates',
    key=[
        'fund_code',
        'nav_date'
    ],
    attributes=[
        'nav',
        'nav_cumulative',
        'nav_adjusted',
        'distribution',
        'source_note'
    ], period='nav_date',
    partial=[
        'nav_adjusted',
        'distribution'
    ]
) }}

select
    fund_code,
    nav_date,
    nav,
    nav_cumulative,
    nav_adjusted,
    distribution,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by nav_date, fund_code, version
