with parameters as (

    select * from run_parameters

),

indices as (

    select * from {{ ref('indices') }}

),

returns as (

    select *
    from {{ index_returns(
        ['week', 'previous_week', 'month', 'year', 'previous_year']
    ) }} as known_indices

)

select
    parameters.as_of_date,
    parameters.known_at,
    returns.index_code,
    coalesce(indices.index_name, returns.index_name, returns.index_code) as index_name,
    {{ index_market('returns.index_code') }} as market,
    returns.session_on,
    returns.close,
    returns.week_return as change_this_week,
    returns.previous_week_return as change_last_week,
    returns.month_return as change_this_month,
    returns.year_return as change_this_year,
    returns.previous_year_return as change_prev_year,
    returns.pe_ttm,
    returns.source_note
from returns
cross join parameters
left join indices on returns.index_code = indices.index_code
order by returns.index_code
