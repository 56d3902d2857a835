-- 行业新闻: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__news_items') }}

)

select * from inbox
