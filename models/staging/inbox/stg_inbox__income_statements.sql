with source as (

    select * from {{ source('inbox', 'income_statements') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(name as varchar) as name,
        cast(company_type as varchar) as company_type,
        cast(report_period as date) as report_period,
        cast(announced_on as date) as announced_on,
        cast(updated_on as date) as updated_on,
        cast(currency as varchar) as currency,
        cast(revenue_ytd as double) as revenue_ytd,
        cast(operating_revenue_ytd as double) as operating_revenue_ytd,
        cast(net_profit_ytd as double) as net_profit_ytd,
        cast(net_profit_attributable_ytd as double) as net_profit_attributable_ytd,
        cast(net_profit_deducted_ytd as double) as net_profit_deducted_ytd,
        cast(statement_kind as varchar) as statement_kind,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
