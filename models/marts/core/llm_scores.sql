with unioned as (

    select * from {{ ref('int_llm_scores_unioned') }}

),

candidates as (

    select
        board,
        category,
        as_of_date,
        model,
        rank,
        rank_style_control,
        score,
        ci_plus,
        ci_minus,
        votes,
        organization,
        license,
        knowledge_cutoff,
        score_unit,
        score_kind,
        source_note,
        model_id,
        organization_id,
        as_of_date as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'board',
        'category',
        'as_of_date',
        'model'
    ],
    attributes=[
        'rank',
        'rank_style_control',
        'score',
        'ci_plus',
        'ci_minus',
        'votes',
        'organization',
        'license',
        'knowledge_cutoff',
        'score_unit',
        'score_kind',
        'source_note'
    ], period='as_of_date'
) }}

select
    board,
    category,
    as_of_date,
    model,
    rank,
    rank_style_control,
    score,
    ci_plus,
    ci_minus,
    votes,
    organization,
    license,
    knowledge_cutoff,
    score_unit,
    score_kind,
    source_note,
    model_id,
    organization_id,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by as_of_date, board, category, model, version
