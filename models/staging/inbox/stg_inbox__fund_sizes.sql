with source as (

    select * from {{ source('inbox', 'fund_sizes') }}

),

renamed as (

    select
        cast(fund_code as varchar) as fund_code,
        cast(as_of_date as date) as as_of_date,
        cast(fund_size_cny as double) as fund_size_cny,
        cast(size_basis as varchar) as size_basis,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
