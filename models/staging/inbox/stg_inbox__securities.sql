with source as (

    select * from {{ source('inbox', 'securities') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(name as varchar) as name,
        cast(listed_on as date) as listed_on,
        cast(delisted_on as date) as delisted_on,
        cast(status as varchar) as status,
        cast(board as varchar) as board,
        cast(currency as varchar) as currency,
        cast(name_from as date) as name_from,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
