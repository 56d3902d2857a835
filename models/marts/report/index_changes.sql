select
    parameters.as_of_date,
    parameters.known_at,
    returns.index_code,
    coalesce(indices.index_name, returns.index_name, returns.index_code) as index_name,
    {{ index_market('returns.index_code') }} as market,
    returns.session_on,
    returns.close,
    returns.change_week as change_this_week,
    returns.change_prev_week as change_last_week,
    returns.change_month,
    returns.change_ytd as change_this_year,
    returns.change_prev_year,
    -- The name of earlier releases.
    returns.change_month as change_this_month,
    returns.pe_ttm,
    returns.source_note
from {{ index_returns(
    ['change_week', 'change_prev_week', 'change_month', 'change_ytd', 'change_prev_year']
) }} as returns
cross join run_parameters as parameters
left join {{ ref('indices') }} as indices on returns.index_code = indices.index_code
order by returns.index_code
