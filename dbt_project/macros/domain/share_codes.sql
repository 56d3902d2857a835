{#- Whether bare digits begin as codes of a kind do, on any exchange or on one. -#}
{% macro begins_as(digits, kind, exchange=none) -%}
    {%- set ranges = var('code_ranges')[kind] -%}
    {%- set chosen = ranges[exchange] if exchange else ranges.values() | sum(start=[]) -%}
    (
        {%- for first in chosen %}
        {{ digits }} like '{{ first }}%'{{ ' or' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- The code of a mainland listing from a source's bare digits; null for digits of no range. -#}
{% macro code_of_digits(digits, kind) -%}
    {{ digits }} || case
        {%- for exchange in var('code_ranges')[kind] %}
        when {{ begins_as(digits, kind, exchange) }} then '.{{ exchange }}'
        {%- endfor %}
    end
{%- endmacro %}

{% macro a_share_code(digits) -%} {{ code_of_digits(digits, 'a_share') }} {%- endmacro %}

{#- Whether bare digits are those of an A share: B shares (90, 20) are left out. -#}
{% macro is_a_share(digits) -%} {{ begins_as(digits, 'a_share') }} {%- endmacro %}

{#- The code of a fund that is listed on an exchange. -#}
{% macro listed_fund_code(digits) -%} {{ code_of_digits(digits, 'fund') }} {%- endmacro %}

{#- sh600000, the spelling of Sina and Tencent, as 600000.SH. -#}
{% macro code_of_exchange_symbol(symbol) -%}
    upper(right({{ symbol }}, length({{ symbol }}) - 2) || '.' || left({{ symbol }}, 2))
{%- endmacro %}

{#- What a mainland code lists: bars of shares and of funds come in different loads. -#}
{% macro listed_kind(code) -%}
    case when {{ begins_as(code, 'fund') }} then 'fund' else 'share' end
{%- endmacro %}

{#- The same of a bar, which may be another market's. -#}
{% macro bar_kind(market, code) -%}
    case when {{ market }} = 'CN' then {{ listed_kind(code) }} else 'share' end
{%- endmacro %}
