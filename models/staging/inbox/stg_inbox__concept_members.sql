with source as (

    select * from {{ source('inbox', 'concept_members') }}

),

renamed as (

    select
        cast(concept_code as varchar) as concept_code,
        cast(concept_name as varchar) as concept_name,
        cast(code as varchar) as code,
        cast(as_of_date as date) as as_of_date,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
