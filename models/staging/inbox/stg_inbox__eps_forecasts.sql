with source as (

    select * from {{ source('inbox', 'eps_forecasts') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(fiscal_year as bigint) as fiscal_year,
        cast(as_of_date as date) as as_of_date,
        cast(provider as varchar) as provider,
        cast(eps as double) as eps,
        cast(kind as varchar) as kind,
        cast(currency as varchar) as currency,
        cast(institutions as bigint) as institutions,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
