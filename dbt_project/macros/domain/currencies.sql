{#-
    Joins that give the fixings of two currencies on one day, and the rate from the first to
    the second: 1 between equals, null where a fixing is missing or too old. A yuan needs no
    fixing.
-#}
{% macro join_fixings(name, from_currency, to_currency, day) -%}
    {%- for side, currency in [('from', from_currency), ('to', to_currency)] %}
    left join {{ ref('int_fixings_known') }} as {{ name }}_{{ side }}
        on
            {{ currency }} = {{ name }}_{{ side }}.currency
            and {{ day }} >= {{ name }}_{{ side }}.fixing_date
            and {{ day }} < {{ name }}_{{ side }}.next_fixing_date
    {%- endfor %}
{%- endmacro %}

{% macro exchange_rate(name, from_currency, to_currency) -%}
    case
        when {{ from_currency }} = {{ to_currency }} then 1
        else
            case when {{ from_currency }} = 'CNY' then 1 else {{ name }}_from.rate end
            / case when {{ to_currency }} = 'CNY' then 1 else {{ name }}_to.rate end
    end
{%- endmacro %}
