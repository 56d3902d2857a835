{#-
    Whether the name of a Chinese share carries special treatment: ST, *ST, S*ST or SST, also
    behind the mark of an ex-right day. A name that merely holds the two letters does not.
-#}
{% macro is_st_name(name, code) -%}
    (
        {{ security_market(code) }} = 'CN'
        and (
            {%- for mark in ['', 'S', 'XD', 'XR', 'DR'] %}
            {{ 'or ' if not loop.first }}translate(upper({{ name }}), '＊ＳＴ', '*ST') like '{{ mark }}ST%'
            or translate(upper({{ name }}), '＊ＳＴ', '*ST') like '{{ mark }}*ST%'
            {%- endfor %}
        )
    )
{%- endmacro %}
