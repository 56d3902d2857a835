-- 申万行业成分沿革: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__sw_industry_membership') }}

),

swsresearch as (

    select * from {{ ref('stg_swsresearch__sw_industry_membership') }}

)

select * from inbox

union all

select * from swsresearch
