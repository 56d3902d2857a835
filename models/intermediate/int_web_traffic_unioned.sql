-- AI 应用网站流量: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__web_traffic') }}

)

{{ with_entity_ids(
    'inbox',
    {'app': 'product', 'owner': 'company'},
    day='named.period_end',
    aliases=ref('entity_aliases')
) }}
