with source as (

    select * from {{ source('eastmoney_results', 'earnings_flashes') }}

),

renamed as (

    select
        股票代码 || case
            when left(股票代码, 1) = '6' then '.SH'
            when left(股票代码, 1) in ('0', '3') then '.SZ'
            when left(股票代码, 1) in ('4', '8') or left(股票代码, 2) = '92' then '.BJ'
        end as code,
        cast(json_extract_string(_arguments, '$.report_period') as date) as report_period,
        cast(公告日期 as date) as announced_on,
        cast("营业收入-营业收入" as double) as revenue_ytd,
        cast("净利润-净利润" as double) as net_profit_attributable_ytd,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
