with source as (

    select * from {{ source('inbox', 'gpu_rentals') }}

),

renamed as (

    select
        cast(gpu as varchar) as gpu,
        cast(platform as varchar) as platform,
        cast(cpu_cores as bigint) as cpu_cores,
        cast(memory_gb as bigint) as memory_gb,
        cast(system_disk_gb as bigint) as system_disk_gb,
        cast(data_disk_gb as bigint) as data_disk_gb,
        cast(disk_note as varchar) as disk_note,
        cast(quoted_on as date) as quoted_on,
        cast(price_cny_per_hour as double) as price_cny_per_hour,
        cast(price_wow_reported as double) as price_wow_reported,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
