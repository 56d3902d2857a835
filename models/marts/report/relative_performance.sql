{%- set windows = ['return_1m', 'return_3m', 'return_12m'] -%}
with parameters as (

    select * from run_parameters

),

comparisons as (

    select * from {{ ref('index_comparisons') }}

),

indices as (

    select * from {{ ref('indices') }}

),

returns as (

    select * from {{ index_returns(windows) }} as known_indices

),

pairs as (

    select
        comparisons.comparison,
        comparisons.label_zh,
        industry.session_on as industry_session_on,
        benchmark.session_on as benchmark_session_on,
        comparisons.index_code as industry_code,
        comparisons.benchmark_index as benchmark_code,
        industry.index_name as industry_name,
        benchmark.index_name as benchmark_name,
        {% for window in windows %}
            industry.{{ window }} as industry_{{ window }},
            benchmark.{{ window }} as benchmark_{{ window }},
        {% endfor %}
        industry.source_note
    from comparisons
    inner join returns as industry on comparisons.index_code = industry.index_code
    inner join returns as benchmark on comparisons.benchmark_index = benchmark.index_code

),

lines as (

    select
        comparison,
        label_zh,
        1 as line_order,
        'industry' as line,
        industry_code as index_code,
        industry_name as index_name,
        industry_session_on as session_on,
        {% for window in windows %}
            industry_{{ window }} as {{ window }},
        {% endfor %}
        source_note
    from pairs
    union all
    select
        comparison,
        label_zh,
        2 as line_order,
        'benchmark' as line,
        benchmark_code as index_code,
        benchmark_name as index_name,
        benchmark_session_on as session_on,
        {% for window in windows %}
            benchmark_{{ window }} as {{ window }},
        {% endfor %}
        source_note
    from pairs
    union all
    -- Windows that end on different sessions are not subtracted.
    select
        comparison,
        label_zh,
        3 as line_order,
        'difference' as line,
        null as index_code,
        '相对表现' as index_name,
        industry_session_on as session_on,
        {% for window in windows %}
            case
                when industry_session_on = benchmark_session_on
                    then round(industry_{{ window }} - benchmark_{{ window }}, 8)
            end as {{ window }},
        {% endfor %}
        source_note
    from pairs

),

performance as (

    select
        parameters.as_of_date,
        parameters.known_at,
        lines.comparison,
        lines.label_zh as comparison_label,
        lines.line,
        cast(lines.line_order as integer) as line_order,
        lines.index_code,
        coalesce(indices.index_name, lines.index_name, lines.index_code) as index_name,
        lines.session_on,
        lines.return_1m,
        lines.return_3m,
        lines.return_12m,
        -- The names of earlier releases.
        lines.return_1m as change_1m,
        lines.return_3m as change_3m,
        lines.return_12m as change_12m,
        lines.source_note
    from lines
    cross join parameters
    left join indices on lines.index_code = indices.index_code

)

select * from performance
order by comparison, line_order
