{#-
    Whether the name of a Chinese share carries special treatment: ST, *ST, S*ST or SST, also
    behind the mark of an ex-right day. A name that merely holds the two letters does not.
-#}
{% macro is_st_name(name, code) -%}
    (
        {{ security_market(code) }} = 'CN'
        and (
            {%- for mark in ['', 'S', 'XD', 'XR', 'DR'] %}
            {{ 'or ' if not loop.first }}upper({{ half_width(name) }}) like '{{ mark }}ST%'
            or upper({{ half_width(name) }}) like '{{ mark }}*ST%'
            {%- endfor %}
        )
    )
{%- endmacro %}

{#-
    Whether the name of a Chinese share is one of the delisting period: 退市样例, 样例退. The
    mark (退) that a list puts behind what has left is no part of the name.
-#}
{% macro is_delisting_name(name, code) -%}
    (
        {{ security_market(code) }} = 'CN'
        and (
            {{ name }} like '退市%'
            or {{ all_replaced(name, '[(（]退[)）]$', '') }} like '%退'
        )
    )
{%- endmacro %}
