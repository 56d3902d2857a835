-- 利润表（累计）: every source of the dataset in its import format, one below the other,
-- with the columns that it does not carry.
with inbox as (

    select
        *,
        cast(null as varchar) as not_carried
    from {{ ref('stg_inbox__income_statements') }}

),

eastmoney_results as (

    select
        *,
        'company_type operating_revenue_ytd net_profit_ytd net_profit_deducted_ytd'
        || ' statement_kind' as not_carried
    from {{ ref('stg_eastmoney_results__income_statements') }}

)

select * from inbox

union all

select * from eastmoney_results
