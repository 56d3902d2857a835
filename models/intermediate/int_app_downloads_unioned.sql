-- 应用下载量: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__app_downloads') }}

)

{{ with_entity_ids(
    'inbox',
    {'app': 'product'},
    day='last_day(named.month)',
    aliases=ref('entity_aliases')
) }}
