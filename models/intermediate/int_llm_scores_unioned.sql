-- 大模型榜单: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__llm_scores') }}

)

select * from inbox
