-- AI 应用网站流量: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__web_traffic') }}

)

select * from inbox
