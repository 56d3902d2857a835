with parameters as (

    select * from run_parameters

),

scores as (

    select *
    from {{ known_versions(
        ref('llm_scores'),
        key=['board', 'category', 'as_of_date', 'model'],
        where='fact.as_of_date <= parameters.as_of_date
            and fact.ci_plus is not null and fact.ci_minus is not null'
    ) }} as known

),

latest as (

    select
        board,
        category,
        max(as_of_date) as leaderboard_date
    from scores
    group by board, category

),

boards as (

    select
        scores.*,
        scores.score + scores.ci_plus as upper_bound,
        scores.score - scores.ci_minus as lower_bound
    from scores
    inner join latest
        on
            scores.board = latest.board
            and scores.category = latest.category
            and scores.as_of_date = latest.leaderboard_date

),

-- Rank by bounds: one plus the models that are better beyond doubt.
ranked as (

    select
        model_row.board,
        model_row.category,
        model_row.model,
        cast(1 + count(rival.model) as integer) as rank_ub
    from boards as model_row
    left join boards as rival
        on
            model_row.board = rival.board
            and model_row.category = rival.category
            and model_row.upper_bound < rival.lower_bound
    group by model_row.board, model_row.category, model_row.model

),

placed as (

    select
        boards.*,
        ranked.rank_ub,
        coalesce(boards.rank, ranked.rank_ub) as place
    from boards
    inner join ranked
        on
            boards.board = ranked.board
            and boards.category = ranked.category
            and boards.model = ranked.model

),

compared as (

    select
        parameters.as_of_date,
        parameters.known_at,
        placed.board,
        placed.category,
        placed.as_of_date as leaderboard_date,
        placed.model,
        placed.rank_ub,
        cast(placed.rank as integer) as rank_as_printed,
        cast(placed.rank_style_control as integer) as rank_style_ctrl,
        cast(overall.place - placed.place as integer) as delta_vs_overall,
        placed.score as arena_score,
        placed.ci_plus as ci95_plus,
        placed.ci_minus as ci95_minus,
        placed.votes,
        placed.organization,
        placed.license,
        placed.knowledge_cutoff,
        placed.source_note
    from placed
    cross join parameters
    left join placed as overall
        on
            placed.board = overall.board
            and placed.model = overall.model
            and placed.as_of_date = overall.as_of_date
            and overall.category = 'overall'

)

select * from compared
order by board, category, rank_ub, model
