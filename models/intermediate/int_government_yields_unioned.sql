-- 国债收益率: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__government_yields') }}

),

eastmoney_rates as (

    select * from {{ ref('stg_eastmoney_rates__government_yields') }}

),

sina as (

    select * from {{ ref('stg_sina__government_yields') }}

)

select * from inbox

union all

select * from eastmoney_rates

union all

select * from sina
