select
    parameters.as_of_date,
    parameters.known_at,
    ranked.universe,
    ranked.label_zh as universe_label,
    ranked.side,
    cast(ranked.place as integer) as rank_order,
    ranked.code,
    ranked.name,
    ranked.session_on,
    ranked.close,
    ranked.close_adjusted,
    ranked.close_reason,
    ranked.change_month,
    ranked.change_month_basis as price_basis,
    round(ranked.change_month - indices.change_month, 8) as relative,
    indices.change_month_reason as relative_reason,
    ranked.benchmark_index,
    indices.change_month as benchmark_change_month,
    indices.change_month_reason as benchmark_change_month_reason,
    cast(ranked.members as integer) as members,
    cast(ranked.members_ranked as integer) as members_ranked,
    ranked.source_note
from {{ ranked_members('change_month') }} as ranked
cross join {{ ref('int_run_parameters') }} as parameters
left join {{ index_returns(['change_month']) }} as indices
    on ranked.benchmark_index = indices.index_code
where ranked.place <= ranked.ranking_n and ranked.change_month is not null
order by universe asc, side desc, rank_order asc
