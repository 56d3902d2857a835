with source as (

    select * from {{ source('inbox', 'disclosure_dates') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(report_period as date) as report_period,
        cast(planned_on as date) as planned_on,
        cast(announced_on as date) as announced_on,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
