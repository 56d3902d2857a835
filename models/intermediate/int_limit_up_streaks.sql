-- Consecutive sessions of an A-share that closed at the limit price, up to its last one.
-- Sixty days are read, so that no streak counts more than about forty sessions.
with limits as (

    select
        *,
        coalesce(
            lead(valid_from) over (partition by listing_board, is_st order by valid_from),
            date '9999-12-31'
        ) as valid_to
    from {{ ref('price_limits') }}

),

dated_names as (

    select
        code,
        name,
        name_from,
        lead(name_from) over (partition by code order by name_from) as next_name_from
    from {{ known_versions(
        'securities',
        where='fact.name_from <= parameters.as_of_date'
    ) }} as known

),

-- An adjusted series has no limit price.
sessions as (

    select
        bars.code,
        bars.trade_date,
        bars.close,
        {{ listing_board('bars.code', 'names.board') }} as listing_board,
        coalesce(
            bars.reference_close,
            lag(bars.close) over (partition by bars.code order by bars.trade_date)
        ) as reference_close,
        names.name,
        -- Of shares listed before the read, every session is past the free ones.
        case
            when names.listed_on >= as_of_date - 60
                then row_number() over (partition by bars.code order by bars.trade_date)
        end as session_number
    from {{ known_versions(
        'daily_bars',
        where="fact.trade_date <= parameters.as_of_date
            and fact.trade_date >= parameters.as_of_date - 60
            and fact.market = 'CN' and fact.adjustment = 'none'"
    ) }} as bars
    cross join run_parameters
    left join {{ ref('int_security_names') }} as names on bars.code = names.code

),

judged as (

    select
        sessions.code,
        sessions.trade_date,
        sessions.close = {{ limit_price('sessions.reference_close', 'limits.limit_ratio') }}
        and coalesce(sessions.session_number > limits.free_sessions, true) as is_limit_up
    from sessions
    left join dated_names
        on
            sessions.code = dated_names.code
            and sessions.trade_date >= dated_names.name_from
            and (
                dated_names.next_name_from is null
                or sessions.trade_date < dated_names.next_name_from
            )
    inner join limits
        on
            sessions.listing_board = limits.listing_board
            and limits.is_st = coalesce(
                {{ is_st_name('coalesce(dated_names.name, sessions.name)', 'sessions.code') }},
                false
            )
            and sessions.trade_date >= limits.valid_from
            and sessions.trade_date < limits.valid_to

),

broken as (

    select
        code,
        bool_or(is_limit_up is distinct from true) over (
            partition by code order by trade_date desc
        ) as is_broken
    from judged

)

select
    code,
    cast(count(*) filter (where not is_broken) as integer) as limit_up_streak
from broken
group by code
