with source as (

    select * from {{ source('inbox', 'policies') }}

),

renamed as (

    select
        cast(issued_on as date) as issued_on,
        cast(published_on as date) as published_on,
        cast(issuer as varchar) as issuer,
        cast(level as varchar) as level,
        cast(title as varchar) as title,
        cast(url as varchar) as url,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
