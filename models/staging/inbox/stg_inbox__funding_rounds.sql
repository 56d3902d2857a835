with source as (

    select * from {{ source('inbox', 'funding_rounds') }}

),

renamed as (

    select
        cast(company as varchar) as company,
        cast(sector as varchar) as sector,
        cast(announced_on as date) as announced_on,
        cast(round as varchar) as round,
        cast(amount_text as varchar) as amount_text,
        cast(amount_qualifier as varchar) as amount_qualifier,
        cast(amount_number as double) as amount_number,
        cast(amount_scale as varchar) as amount_scale,
        cast(currency as varchar) as currency,
        cast(investors as varchar) as investors,
        cast(lead_investors as varchar) as lead_investors,
        cast(reported_by as varchar) as reported_by,
        cast(printed_from as date) as printed_from,
        cast(printed_to as date) as printed_to,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
