-- 大模型榜单: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__llm_scores') }}

)

{{ with_entity_ids(
    'inbox',
    {'model': 'model', 'organization': 'company'},
    day='named.as_of_date',
    aliases=ref('entity_aliases')
) }}
