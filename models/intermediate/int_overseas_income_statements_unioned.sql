-- 海外公司利润表: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__overseas_income_statements') }}

),

eastmoney_overseas as (

    select * from {{ ref('stg_eastmoney_overseas__overseas_income_statements') }}

)

select * from inbox

union all

select * from eastmoney_overseas
