with source as (

    select * from {{ source('inbox', 'llm_scores') }}

),

renamed as (

    select
        cast(board as varchar) as board,
        cast(category as varchar) as category,
        cast(as_of_date as date) as as_of_date,
        cast(model as varchar) as model,
        cast(rank as bigint) as rank,
        cast(rank_style_control as bigint) as rank_style_control,
        cast(score as double) as score,
        cast(ci_plus as double) as ci_plus,
        cast(ci_minus as double) as ci_minus,
        cast(votes as double) as votes,
        cast(organization as varchar) as organization,
        cast(license as varchar) as license,
        cast(knowledge_cutoff as varchar) as knowledge_cutoff,
        cast(score_unit as varchar) as score_unit,
        cast(score_kind as varchar) as score_kind,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
