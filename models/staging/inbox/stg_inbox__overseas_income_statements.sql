with source as (

    select * from {{ source('inbox', 'overseas_income_statements') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(report_period as date) as report_period,
        cast(months as bigint) as months,
        cast(announced_on as date) as announced_on,
        cast(fiscal_label as varchar) as fiscal_label,
        cast(currency as varchar) as currency,
        cast(revenue as double) as revenue,
        cast(net_profit_attributable as double) as net_profit_attributable,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
