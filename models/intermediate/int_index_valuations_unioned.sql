-- 指数估值: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__index_valuations') }}

),

csindex as (

    select * from {{ ref('stg_csindex__index_valuations') }}

),

legulegu as (

    select * from {{ ref('stg_legulegu__index_valuations') }}

)

select * from inbox

union all

select * from csindex

union all

select * from legulegu
