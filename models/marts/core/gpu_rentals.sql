with unioned as (

    select * from {{ ref('int_gpu_rentals_unioned') }}

),

candidates as (

    select
        gpu,
        platform,
        cpu_cores,
        memory_gb,
        system_disk_gb,
        data_disk_gb,
        quoted_on,
        disk_note,
        price_cny_per_hour,
        price_wow_reported,
        source_note,
        quoted_on as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{ new_versions(
    'candidates',
    key=[
        'gpu',
        'platform',
        'cpu_cores',
        'memory_gb',
        'system_disk_gb',
        'data_disk_gb',
        'quoted_on'
    ],
    attributes=[
        'disk_note',
        'price_cny_per_hour',
        'price_wow_reported',
        'source_note'
    ], period='quoted_on'
) }}

select
    gpu,
    platform,
    cpu_cores,
    memory_gb,
    system_disk_gb,
    data_disk_gb,
    quoted_on,
    disk_note,
    price_cny_per_hour,
    price_wow_reported,
    source_note,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by quoted_on, gpu, platform, cpu_cores, memory_gb, system_disk_gb, data_disk_gb, version
