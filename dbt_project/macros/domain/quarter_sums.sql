{#- A line's sum over the compared companies; null where one of them lacks the line. -#}
{% macro whole_sum(column) -%}
    case
        when count({{ column }}) filter (where is_compared) = count(*) filter (where is_compared)
            then sum({{ column }}) filter (where is_compared)
    end
{%- endmacro %}

{#-
    The columns of a group's single quarter: sums over the companies that are compared in both
    years, so that one set of companies stands behind every figure, and who was left out.
-#}
{% macro quarter_sums() -%}
    count(is_compared) as members,
    count(*) filter (where is_compared) as companies,
    count(*) filter (where missing_reason = 'statement_missing') as companies_unreported,
    count(*) filter (where missing_reason <> 'statement_missing') as companies_left_out,
    case when count(distinct base_source) > 1 then 'mixed' else max(base_source) end
        as base_source,
    max(filings_to) filter (where is_compared) as filings_to,
    max(source_note) as source_note,
    {% for line in [
        'revenue',
        'operating_revenue',
        'net_profit_attributable',
        'net_profit_total',
        'net_profit_deducted',
    ] -%}
    {{ whole_sum(line) }} as {{ line }},
    {{ whole_sum(line ~ '_base') }} as {{ line }}_base{{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The printed columns of a group's quarter from its sums; money in yuan. -#}
{% macro quarter_columns() -%}
    members,
    companies,
    companies_unreported,
    companies_left_out,
    cast(revenue as double) as revenue,
    cast(revenue_base as double) as revenue_base,
    {{ growth_yoy('revenue', 'revenue_base') }} as revenue_growth_yoy,
    cast(operating_revenue as double) as operating_revenue,
    cast(operating_revenue_base as double) as operating_revenue_base,
    {{ growth_yoy('operating_revenue', 'operating_revenue_base') }}
        as operating_revenue_growth_yoy,
    cast(net_profit_attributable as double) as net_profit_attributable,
    cast(net_profit_attributable_base as double) as net_profit_attributable_base,
    {{ growth_yoy('net_profit_attributable', 'net_profit_attributable_base') }}
        as net_profit_growth_yoy,
    {{ growth_yoy_abs_base('net_profit_attributable', 'net_profit_attributable_base') }}
        as net_profit_growth_abs_base,
    {{ profit_status('net_profit_attributable', 'net_profit_attributable_base') }}
        as profit_status,
    cast(net_profit_total as double) as net_profit_total,
    cast(net_profit_total_base as double) as net_profit_total_base,
    cast(net_profit_deducted as double) as net_profit_deducted,
    cast(net_profit_deducted_base as double) as net_profit_deducted_base,
    base_source,
    filings_to
{%- endmacro %}
