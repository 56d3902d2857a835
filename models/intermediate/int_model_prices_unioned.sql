-- 大模型价格: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__model_prices') }}

)

{{ with_entity_ids(
    'inbox',
    {'model': 'model'},
    day='named.as_of_date',
    aliases=ref('entity_aliases')
) }}
