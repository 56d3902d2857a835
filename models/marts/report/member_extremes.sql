with parameters as (

    select * from run_parameters

),

members as (

    select * from {{ ref('int_universe_members') }}

),

returns as (

    select * from {{ stock_returns(['change_week']) }} as stocks

),

ranked as (

    select
        members.*,
        returns.session_on,
        returns.change_week_market_base_on,
        returns.change_week,
        returns.source_note,
        count(*) over (partition by members.universe) as members,
        row_number() over (
            partition by members.universe
            order by returns.change_week desc, members.code asc
        ) as place_from_top,
        row_number() over (
            partition by members.universe
            order by returns.change_week asc, members.code asc
        ) as place_from_bottom
    from members
    inner join returns on members.code = returns.code
    where returns.change_week is not null

),

extremes as (

    select
        parameters.as_of_date,
        parameters.known_at,
        ranked.universe,
        ranked.label_zh as universe_label,
        sides.side,
        ranked.code,
        ranked.name as stock_name,
        ranked.change_week_market_base_on as week_start_date,
        ranked.session_on as week_end_date,
        ranked.change_week,
        cast(ranked.members as integer) as members_ranked,
        ranked.source_note
    from ranked
    cross join parameters
    inner join (values ('max_gain'), ('max_loss')) as sides (side)
        on
            (sides.side = 'max_gain' and ranked.place_from_top = 1)
            or (sides.side = 'max_loss' and ranked.place_from_bottom = 1)

)

select * from extremes
order by universe, side
