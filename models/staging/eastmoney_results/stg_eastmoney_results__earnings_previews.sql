-- The source gives the middle of the guided range as a number and the range itself in words
-- (…盈利：5,000万元至6,500万元). Bounds are read from the words and kept only where their
-- middle is the given number; otherwise both bounds are empty.
with source as (

    select * from {{ source('eastmoney_results', 'earnings_previews') }}

),

worded as (

    select
        *,
        regexp_extract_all(
            replace(业绩变动, ',', ''), '(-?[0-9]+(?:[.][0-9]+)?)(亿|万)元', 1
        ) as numbers,
        regexp_extract_all(
            replace(业绩变动, ',', ''), '(-?[0-9]+(?:[.][0-9]+)?)(亿|万)元', 2
        ) as scales
    from source

),

bounded as (

    select
        *,
        cast(numbers[1] as double)
        * {{ scale_times('scales[1]') }} as first_bound,
        cast(coalesce(numbers[2], numbers[1]) as double)
        * {{ scale_times('coalesce(scales[2], scales[1])') }} as second_bound
    from worded

),

proven as (

    select
        *,
        abs((first_bound + second_bound) / 2 - 预测数值)
        <= greatest(abs(预测数值) * 0.001, 10000) as is_proven
    from bounded

),

renamed as (

    select
        {{ a_share_code('股票代码') }} as code,
        cast({{ call_argument('report_period') }} as date) as report_period,
        cast(公告日期 as date) as announced_on,
        cast(预测指标 as varchar) as indicator,
        case when is_proven then least(first_bound, second_bound) end as value_low_cny,
        case when is_proven then greatest(first_bound, second_bound) end as value_high_cny,
        cast(预告类型 as varchar) as direction,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from proven
    where
        {{ is_a_share('股票代码') }}

)

select * from renamed
