with scores as (

    select *
    from {{ known_versions(
        'llm_scores',
        where='fact.as_of_date <= parameters.as_of_date
            and fact.ci_plus is not null and fact.ci_minus is not null'
    ) }} as known
    qualify as_of_date = max(as_of_date) over (partition by board, category)

),

-- Bounds printed in whole points may touch or miss by one through rounding alone.
boards as (

    select
        *,
        score + ci_plus as upper_bound,
        score - ci_minus as lower_bound,
        case
            when bool_and(
                score = round(score, 0)
                and ci_plus = round(ci_plus, 0)
                and ci_minus = round(ci_minus, 0)
            ) over (partition by board, category) then 1 else 0
        end as rounding
    from scores

),

-- Rank by bounds: one plus the models that are better beyond doubt. The least and the most
-- that it can be count what is better whatever the rounding, and what may be.
ranked as (

    select
        model_row.board,
        model_row.category,
        model_row.model_id,
        cast(
            1 + count(rival.model_id) filter (
                where rival.lower_bound > model_row.upper_bound
            ) as integer
        ) as rank_ub,
        cast(
            1 + count(rival.model_id) filter (
                where rival.lower_bound > model_row.upper_bound + model_row.rounding
            ) as integer
        ) as rank_ub_least,
        cast(1 + count(rival.model_id) as integer) as rank_ub_most
    from boards as model_row
    left join boards as rival
        on
            model_row.board = rival.board
            and model_row.category = rival.category
            and model_row.model_id <> rival.model_id
            and rival.lower_bound - model_row.upper_bound
            >= case model_row.rounding when 0 then 1e-9 else -model_row.rounding end
    group by model_row.board, model_row.category, model_row.model_id

),

-- An organization stands where its best model stands among the best of the others.
leaders as (

    select *
    from boards
    qualify
        row_number() over (
            partition by board, category, organization_id order by score desc, model_id asc
        ) = 1

),

organizations as (

    select
        leader.board,
        leader.category,
        leader.organization_id,
        cast(1 + count(rival.organization_id) as integer) as rank_organization
    from leaders as leader
    left join leaders as rival
        on
            leader.board = rival.board
            and leader.category = rival.category
            and leader.upper_bound < rival.lower_bound
    where leader.organization_id is not null
    group by leader.board, leader.category, leader.organization_id

),

-- The source ranks on figures that it did not print, so its rank goes before ours.
placed as (

    select
        *,
        coalesce(cast(rank as integer), rank_ub) as place
    from boards
    inner join ranked using (board, category, model_id)

)

select
    parameters.as_of_date,
    parameters.known_at,
    placed.board,
    placed.category,
    placed.as_of_date as leaderboard_date,
    placed.model_id,
    placed.model,
    spelling.note as name_note,
    placed.place,
    count(*) over (partition by placed.board, placed.category, placed.place) > 1
        as is_tied,
    placed.rank_ub,
    cast(placed.rank as integer) as rank_as_printed,
    case
        when placed.rank is null then null
        when placed.rank = placed.rank_ub then 'same'
        when placed.rank between placed.rank_ub_least and placed.rank_ub_most
            then 'rounding'
        else 'differs'
    end as rank_check,
    cast(placed.rank_style_control as integer) as rank_style_ctrl,
    organizations.rank_organization,
    cast(overall.place - placed.place as integer) as delta_vs_overall,
    placed.score as arena_score,
    placed.ci_plus as ci95_plus,
    placed.ci_minus as ci95_minus,
    placed.votes,
    placed.organization_id,
    placed.organization,
    placed.license,
    placed.knowledge_cutoff,
    placed.source_note
from placed
cross join {{ ref('int_run_parameters') }} as parameters
left join {{ ref('entity_aliases') }} as spelling
    on
        placed.model_id = spelling.entity_id
        and placed.model = spelling.alias
        and placed.as_of_date >= coalesce(spelling.valid_from, placed.as_of_date)
        and (spelling.valid_to is null or placed.as_of_date < spelling.valid_to)
left join organizations using (board, category, organization_id)
left join placed as overall
    on
        placed.board = overall.board
        and placed.model_id = overall.model_id
        and placed.as_of_date = overall.as_of_date
        and overall.category = 'overall'
order by board, category, place, model
