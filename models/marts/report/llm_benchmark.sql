-- Without a confidence interval a score is a benchmark's, not a leaderboard's. Models are
-- comparable within one printed table, which opens the source note.
with scores as (

    select
        *,
        coalesce(score_unit, 'pct') as unit,
        nullif(split_part(source_note, '；', 1), '') as published_in
    from {{ known_versions(
        'llm_scores',
        where=in_look_back('as_of_date')
            ~ ' and fact.ci_plus is null and fact.ci_minus is null'
    ) }} as known

),

-- A claim enters on the day on which it was made.
claims as (

    select claims.*
    from {{ ref('benchmark_claims') }} as claims
    cross join {{ ref('int_run_parameters') }} as parameters
    where
        claims.claimed_on <= parameters.as_of_date
        and claims.claimed_on <= coalesce(parameters.known_at, claims.claimed_on)

),

claimed as (

    select
        model_id,
        published_in,
        count(*) as rivals_claimed
    from claims
    group by model_id, published_in

),

-- "A beats B" holds in a benchmark where A scores more than every rival that it names.
duels as (

    select
        model_row.board,
        model_row.category,
        model_row.as_of_date,
        model_row.model_id,
        model_row.published_in,
        count(*) as rivals_held,
        {{ joined_texts('rival.model', '、', ['rival.model']) }} as claimed_over,
        {{ joined_texts(
            'case when rival.score >= model_row.score then rival.model end',
            '、',
            ['rival.model']
        ) }} as claim_refused_by
    from scores as model_row
    inner join claims
        on
            model_row.model_id = claims.model_id
            and model_row.published_in = claims.published_in
    inner join scores as rival
        on
            claims.rival_id = rival.model_id
            and model_row.published_in = rival.published_in
            and model_row.board = rival.board
            and model_row.category = rival.category
            and model_row.as_of_date = rival.as_of_date
    group by all

)

select
    windows.as_of_date,
    windows.known_at,
    scores.board as benchmark,
    scores.category as setup,
    scores.as_of_date as tested_on,
    scores.published_in,
    scores.model_id,
    scores.model,
    scores.score_kind as published_or_measured,
    case when scores.unit = 'pct' then round(scores.score / 100, 8) end as score,
    scores.score as score_as_printed,
    scores.unit as score_unit,
    cast(
        rank() over (
            partition by
                scores.board, scores.category, scores.as_of_date, scores.published_in
            order by scores.score desc
        ) as integer
    ) as rank_benchmark,
    duels.claimed_over,
    -- A rival without a score proves nothing: only a lost comparison is certain.
    case
        when duels.claim_refused_by is not null then false
        when duels.rivals_held = claimed.rivals_claimed then true
    end as claim_holds,
    duels.claim_refused_by,
    scores.source_note
from scores
left join claimed using (model_id, published_in)
left join duels using (board, category, as_of_date, model_id, published_in)
cross join {{ ref('int_windows') }} as windows
order by benchmark, setup, tested_on, rank_benchmark, model
