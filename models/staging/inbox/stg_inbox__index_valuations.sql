with source as (

    select * from {{ source('inbox', 'index_valuations') }}

),

renamed as (

    select
        cast(index_code as varchar) as index_code,
        cast(as_of_date as date) as as_of_date,
        cast(method as varchar) as method,
        cast(pe_ttm as double) as pe_ttm,
        cast(ps_ttm as double) as ps_ttm,
        cast(pb as double) as pb,
        cast(loss_rule as varchar) as loss_rule,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
