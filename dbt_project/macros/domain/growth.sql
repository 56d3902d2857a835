{#-
    Growth on a year before, as a fraction. Null on a base that is zero or negative: there
    the status word speaks.
-#}
{% macro growth_yoy(current, base) -%}
    case when {{ base }} > 0 then round(cast({{ current }} as double) / {{ base }} - 1, 8) end
{%- endmacro %}

{#-
    The terminals' convention, over the amount of the base: positive is an improvement also
    where the base is a loss. Null on a base of zero.
-#}
{% macro growth_yoy_abs_base(current, base) -%}
    case
        when {{ base }} <> 0
            then round(cast({{ current }} - {{ base }} as double) / abs({{ base }}), 8)
    end
{%- endmacro %}

{#-
    The status word of a profit against that of a year before: exactly one of the seed
    profit_statuses for every pair, equal, zero and missing ones included.
-#}
{% macro profit_status(current, base) -%}
    case
        when {{ current }} is null or {{ base }} is null then '不可比'
        when {{ current }} = {{ base }} then '持平'
        when {{ base }} > 0 and {{ current }} > {{ base }} then '正增长'
        when {{ base }} > 0 and {{ current }} >= 0 then '利润下滑'
        when {{ base }} >= 0 and {{ current }} < 0 then '转亏'
        when {{ current }} > 0 then '扭亏'
        when {{ current }} > {{ base }} then '亏损收窄'
        else '亏损扩大'
    end
{%- endmacro %}

{#-
    Growth a year over n years, as a fraction: the n-th root of the ratio, less one. Null
    where either end is zero or negative, since no rate leads there.
-#}
{% macro compound_growth(current, base, years) -%}
    case
        when {{ base }} > 0 and {{ current }} > 0
            then round(
                power(cast({{ current }} as double) / {{ base }}, cast(1 as double) / {{ years }}) - 1,
                8
            )
    end
{%- endmacro %}

{#- Whether a row of growth_buckets is that of the growth from `base` to `current`. It is held
    against a bound by multiplication, so that no rounding moves a row; a bound belongs to the
    bucket below it. Null bounds are open. -#}
{% macro in_growth_bucket(current, base, bucket) -%}
    case
        when {{ base }} is null then {{ bucket }}.bucket = 'not_comparable'
        when {{ base }} <= 0 then {{ bucket }}.bucket = 'base_not_positive'
        else
            coalesce({{ bucket }}.lower_bound, {{ bucket }}.upper_bound) is not null
            and (
                {{ bucket }}.lower_bound is null
                or {{ current }} - {{ base }} > {{ bucket }}.lower_bound * {{ base }}
            )
            and (
                {{ bucket }}.upper_bound is null
                or {{ current }} - {{ base }} <= {{ bucket }}.upper_bound * {{ base }}
            )
    end
{%- endmacro %}
