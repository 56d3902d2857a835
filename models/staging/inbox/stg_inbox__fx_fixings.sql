with source as (

    select * from {{ source('inbox', 'fx_fixings') }}

),

renamed as (

    select
        cast(pair as varchar) as pair,
        cast(fixing_date as date) as fixing_date,
        cast(rate as double) as rate,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
