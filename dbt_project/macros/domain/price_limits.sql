{#-
    The highest price of a session: the reference price and the limit, rounded half up to
    the cent as the exchanges do. In decimals: 10.45 and 10 % are 11.495, whatever a double
    makes of it.
-#}
{% macro limit_price(reference_close, limit_ratio) -%}
    round(
        cast({{ reference_close }} as decimal(12, 3))
        * (1 + cast({{ limit_ratio }} as decimal(3, 2))),
        2
    )
{%- endmacro %}
