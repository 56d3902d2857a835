-- 概念成分: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__concept_members') }}

),

eastmoney_research as (

    select * from {{ ref('stg_eastmoney_research__concept_members') }}

)

select * from inbox

union all

select * from eastmoney_research
