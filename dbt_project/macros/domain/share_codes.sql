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

{#- Whether a row is of the company of a row of int_codes_of_the_day. -#}
{% macro is_told_by(row, codes) -%}
    {{ row }}.code = {{ codes }}.code
    and coalesce({{ row }}.available_on, date '0001-01-01') >= {{ codes }}.means_from
    and coalesce({{ row }}.available_on, date '0001-01-01') < {{ codes }}.means_until
{%- endmacro %}

{#-
    A list of companies with the code that each has on the report day, one row per ``key``;
    ``where`` narrows it and may use ``listed`` and ``parameters``.
-#}
{% macro listed_today(relation, key, where='true') -%}
    (
        select
            {{ star_with('listed', {'code': 'coalesce(codes.code_of_the_day, listed.code)'}) }}
        from {{ relation }} as listed
        cross join {{ ref('int_run_parameters') }} as parameters
        left join {{ ref('int_codes_of_the_day') }} as codes
            on
                listed.code = codes.code
                and parameters.as_of_date >= codes.means_from
                and parameters.as_of_date < codes.means_until
        where {{ where }}
        qualify
            row_number() over (
                partition by
                    {%- for column in key %}
                    {{ 'coalesce(codes.code_of_the_day, listed.code)' if column == 'code'
                        else 'listed.' ~ column }}{{ ',' if not loop.last }}
                    {%- endfor %}
                order by codes.ended_on desc nulls first
            ) = 1
    )
{%- endmacro %}

{#- Every code under which the companies of a list may have told anything. -#}
{% macro codes_of_companies(relation) -%}
    (
        select code from {{ relation }}
        union
        select codes.code
        from {{ ref('int_codes_of_the_day') }} as codes
        inner join {{ ref('int_codes_of_the_day') }} as meant
            on codes.code_of_the_day = meant.code_of_the_day
        inner join {{ relation }} as listed on meant.code = listed.code
    )
{%- endmacro %}
