{%- set configuration = [
    'gpu', 'platform', 'cpu_cores', 'memory_gb', 'system_disk_gb', 'data_disk_gb'
] -%}
with weeks as (

    select
        *,
        {{ week_start('quoted_on') }} as week_starts_on
    from {{ known_versions('gpu_rentals', where=in_look_back('quoted_on')) }} as known
    qualify
        row_number() over (
            partition by {{ configuration | join(', ') }}, {{ week_start('quoted_on') }}
            order by quoted_on desc
        ) = 1

)

select
    windows.as_of_date,
    windows.known_at,
    this_week.quoted_on,
    this_week.gpu,
    this_week.cpu_cores,
    this_week.memory_gb,
    this_week.system_disk_gb,
    this_week.data_disk_gb,
    this_week.disk_note as disk_note_cn,
    this_week.platform,
    this_week.price_cny_per_hour as price,
    coalesce(
        {{ period_change('this_week.price_cny_per_hour', 'last_week.price_cny_per_hour') }},
        this_week.price_wow_reported
    ) as price_wow,
    case
        when last_week.price_cny_per_hour > 0 then 'computed'
        when this_week.price_wow_reported is not null then 'reported'
    end as price_wow_basis,
    this_week.week_starts_on < windows.week_starts_on as is_stale,
    this_week.source_note
from weeks as this_week
cross join {{ ref('int_windows') }} as windows
left join weeks as last_week
    on
        this_week.week_starts_on = last_week.week_starts_on + 7
        {% for column in configuration -%}
            and (this_week.{{ column }} is not distinct from last_week.{{ column }})
        {% endfor %}
where this_week.week_starts_on = (select max(week_starts_on) from weeks)
order by gpu, platform, cpu_cores, memory_gb, system_disk_gb, data_disk_gb
