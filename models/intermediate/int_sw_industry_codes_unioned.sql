-- 申万行业代码: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__sw_industry_codes') }}

)

select * from inbox
