with source as (

    select * from {{ source('inbox', 'app_downloads') }}

),

renamed as (

    select
        cast(app as varchar) as app,
        cast(store as varchar) as store,
        cast(month as date) as month,
        cast(downloads as double) as downloads,
        cast(is_partial as varchar) as is_partial,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
