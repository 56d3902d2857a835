with parameters as (

    select * from run_parameters

),

members as (

    select * from {{ ref('int_universe_members') }}

),

returns as (

    select * from {{ stock_returns(['change_month']) }} as stocks

),

index_months as (

    select * from {{ index_returns(['change_month']) }} as indices

),

-- Values are rounded at eight decimals and sorted as such, never as printed.
ranked as (

    select
        members.*,
        returns.session_on,
        returns.close,
        returns.change_month,
        returns.source_note,
        count(*) over (partition by members.universe) as members,
        count(returns.change_month) over (partition by members.universe) as ranked,
        row_number() over (
            partition by members.universe
            order by returns.change_month desc nulls last, members.code asc
        ) as place_from_top,
        row_number() over (
            partition by members.universe
            order by returns.change_month asc nulls last, members.code asc
        ) as place_from_bottom
    from members
    left join returns on members.code = returns.code

),

sides as (

    select
        *,
        'top' as side,
        cast(place_from_top as integer) as rank_order
    from ranked
    where place_from_top <= ranking_n
    union all
    select
        *,
        'bottom' as side,
        cast(place_from_bottom as integer) as rank_order
    from ranked
    where place_from_bottom <= ranking_n

),

ranking as (

    select
        parameters.as_of_date,
        parameters.known_at,
        sides.universe,
        sides.label_zh as universe_label,
        sides.side,
        sides.rank_order,
        sides.code,
        sides.name,
        sides.session_on,
        sides.close,
        sides.change_month,
        round(sides.change_month - index_months.change_month, 8) as relative,
        sides.benchmark_index,
        index_months.change_month as benchmark_change_month,
        cast(sides.members as integer) as members,
        cast(sides.ranked as integer) as members_ranked,
        sides.source_note
    from sides
    cross join parameters
    left join index_months on sides.benchmark_index = index_months.index_code
    where sides.change_month is not null

)

select * from ranking
order by universe asc, side desc, rank_order asc
