{#-
    A change of level between two closes, as a fraction, rounded at the marts' contract so
    that summation order cannot show. Null where a level is missing, the base is not
    positive, or the window holds no session.
-#}
{% macro period_change(level, base) -%}
    case when {{ base }} > 0 then round({{ level }} / {{ base }} - 1, 8) end
{%- endmacro %}

{#-
    Total return over a chain of sessions: each session's close over the exchange's
    reference price, which is already ex-right. ln_steps is the sum of ln(close /
    reference) over the window; its last bit depends on the order of summation, so that a
    rounded zero must lose its sign and a tie is told from its last bit by rounding twice.
-#}
{% macro chained_change(ln_steps) -%}
    round(round(exp({{ ln_steps }}) - 1, 12), 8) + 0
{%- endmacro %}
