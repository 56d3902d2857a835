{#-
    A price over a figure of earnings or sales, in one currency. Negative where the figure
    is: what a pack prints for it is the pack's affair. Null on a figure of zero.
-#}
{% macro multiple_of(price, figure) -%}
    case when {{ figure }} <> 0 then round(cast({{ price }} as double) / {{ figure }}, 8) end
{%- endmacro %}

{#- The same as a decimal, so that a mean over members does not depend on their order. -#}
{% macro exact_multiple(price, figure) -%}
    cast({{ multiple_of(price, figure) }} as decimal(28, 8))
{%- endmacro %}
