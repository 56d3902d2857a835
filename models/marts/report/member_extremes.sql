select
    parameters.as_of_date,
    parameters.known_at,
    ranked.universe,
    ranked.label_zh as universe_label,
    case ranked.side when 'top' then 'max_gain' else 'max_loss' end as side,
    ranked.code,
    ranked.name as stock_name,
    ranked.change_week_market_base_on as week_start_date,
    ranked.session_on as week_end_date,
    ranked.change_week,
    ranked.change_week_basis as price_basis,
    cast(ranked.members_ranked as integer) as members_ranked,
    ranked.source_note
from {{ ranked_members('change_week') }} as ranked
cross join {{ ref('int_run_parameters') }} as parameters
where ranked.place = 1 and ranked.change_week is not null
order by universe, side
