-- 证券列表: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__securities') }}

),

bse as (

    select * from {{ ref('stg_bse__securities') }}

),

eastmoney as (

    select * from {{ ref('stg_eastmoney__securities') }}

),

sse as (

    select * from {{ ref('stg_sse__securities') }}

),

szse as (

    select * from {{ ref('stg_szse__securities') }}

)

select * from inbox

union all

select * from bse

union all

select * from eastmoney

union all

select * from sse

union all

select * from szse
