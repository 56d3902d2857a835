with source as (

    select * from {{ source('inbox', 'news_items') }}

),

renamed as (

    select
        cast(section as varchar) as section,
        cast(published_on as date) as published_on,
        cast(event_on as date) as event_on,
        cast(subject as varchar) as subject,
        cast(headline as varchar) as headline,
        cast(publisher as varchar) as publisher,
        cast(url as varchar) as url,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
