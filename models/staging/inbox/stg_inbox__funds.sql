with source as (

    select * from {{ source('inbox', 'funds') }}

),

renamed as (

    select
        cast(fund_code as varchar) as fund_code,
        cast(fund_name as varchar) as fund_name,
        cast(fund_type as varchar) as fund_type,
        cast(share_class as varchar) as share_class,
        cast(fund_company as varchar) as fund_company,
        cast(listing_code as varchar) as listing_code,
        cast(established_on as date) as established_on,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
