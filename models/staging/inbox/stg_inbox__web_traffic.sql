with source as (

    select * from {{ source('inbox', 'web_traffic') }}

),

renamed as (

    select
        cast(app as varchar) as app,
        cast(app_type as varchar) as app_type,
        cast(owner as varchar) as owner,
        cast(period_start as date) as period_start,
        cast(period_end as date) as period_end,
        cast(visits as double) as visits,
        cast(avg_visit_duration_seconds as double) as avg_visit_duration_seconds,
        cast(visits_wow_reported as double) as visits_wow_reported,
        cast(duration_wow_reported as double) as duration_wow_reported,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
