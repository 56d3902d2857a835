with returns as {{ index_returns(['return_1m', 'return_3m', 'return_12m']) }}

-- Three lines for each comparison: the industry, its benchmark, and the difference, which is no
-- index.
select
    parameters.as_of_date,
    parameters.known_at,
    comparisons.comparison,
    comparisons.label_zh as comparison_label,
    lines.line,
    lines.line_order,
    shown.index_code,
    coalesce(indices.index_name, shown.index_name, shown.index_code, '相对表现') as index_name,
    coalesce(shown.session_on, industry.session_on) as session_on,
    -- The changes are the names of earlier releases.
    {% for name in ['return', 'change'] %}
        {% for window in ['return_1m', 'return_3m', 'return_12m'] %}
            case
                when lines.line <> 'difference' then shown.{{ window }}
                -- Windows that end on different sessions are not subtracted.
                when industry.session_on = benchmark.session_on
                    then round(industry.{{ window }} - benchmark.{{ window }}, 8)
            end as {{ window | replace('return', name) }},
            case
                when lines.line <> 'difference' then shown.{{ window }}_reason
                when industry.{{ window }}_reason is not null then industry.{{ window }}_reason
                when benchmark.{{ window }}_reason is not null
                    then benchmark.{{ window }}_reason
                when industry.session_on <> benchmark.session_on then '行业与基准的截止日不同'
            end as {{ window | replace('return', name) }}_reason,
        {% endfor %}
    {% endfor %}
    industry.source_note
from {{ ref('index_comparisons') }} as comparisons
cross join {{ ref('int_run_parameters') }} as parameters
cross join (values (1, 'industry'), (2, 'benchmark'), (3, 'difference'))
    as lines (line_order, line)
inner join returns as industry on comparisons.index_code = industry.index_code
inner join returns as benchmark on comparisons.benchmark_index = benchmark.index_code
left join returns as shown
    on
        shown.index_code = case lines.line
            when 'industry' then comparisons.index_code
            when 'benchmark' then comparisons.benchmark_index
        end
left join {{ ref('indices') }} as indices on shown.index_code = indices.index_code
order by comparison, line_order
