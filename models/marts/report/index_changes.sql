{#- The last is the name of earlier releases. -#}
{%- set columns = {
    'change_this_week': 'change_week',
    'change_last_week': 'change_prev_week',
    'change_month': 'change_month',
    'change_this_year': 'change_ytd',
    'change_prev_year': 'change_prev_year',
    'change_this_month': 'change_month',
} -%}
select
    parameters.as_of_date,
    parameters.known_at,
    returns.index_code,
    coalesce(indices.index_name, returns.index_name, returns.index_code) as index_name,
    {{ index_market('returns.index_code') }} as market,
    returns.session_on,
    returns.close,
    {% for column, window in columns.items() %}
        returns.{{ window }}{{ ' as ' ~ column if column != window }},
        returns.{{ window }}_reason{{ ' as ' ~ column ~ '_reason' if column != window }},
    {% endfor %}
    returns.pe_ttm,
    returns.source_note
from {{ index_returns(columns.values() | unique | list) }} as returns
cross join {{ ref('int_run_parameters') }} as parameters
left join {{ ref('indices') }} as indices on returns.index_code = indices.index_code
order by returns.index_code
