-- 利润表（累计）: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__income_statements') }}

),

eastmoney_results as (

    select * from {{ ref('stg_eastmoney_results__income_statements') }}

)

select * from inbox

union all

select * from eastmoney_results
