-- 业绩快报: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__earnings_flashes') }}

),

eastmoney_results as (

    select * from {{ ref('stg_eastmoney_results__earnings_flashes') }}

)

select * from inbox

union all

select * from eastmoney_results
