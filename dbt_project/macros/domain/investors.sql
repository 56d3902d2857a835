{#- Those whom a list of investors marks as lead: 清流资本（领投）、元璟资本. -#}
{% macro lead_investors(investors) -%}
    {{ all_matches(investors, '([^、，,;；（）()]*[^、，,;；（）() ]) *[（(](?:领投|领投方|lead)[)）]') }}
{%- endmacro %}
