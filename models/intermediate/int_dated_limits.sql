-- The daily price limit of each board, with the day on which the next one takes its place.
select
    listing_board,
    is_st,
    limit_ratio,
    free_sessions,
    valid_from,
    coalesce(
        lead(valid_from) over (partition by listing_board, is_st order by valid_from),
        date '9999-12-31'
    ) as valid_to
from {{ ref('price_limits') }}
