{#-
    Whether a row of a list stands on it: from valid_from on, as far as that could be known, and
    before valid_to. A row without days is the list as it is now, which nobody dated.
-#}
{% macro is_on_list(row, parameters='parameters') -%}
    (
        coalesce({{ row }}.valid_from, {{ parameters }}.as_of_date) <= least(
            {{ parameters }}.as_of_date,
            coalesce({{ parameters }}.known_at, {{ parameters }}.as_of_date)
        )
        and ({{ row }}.valid_to is null or {{ parameters }}.as_of_date < {{ row }}.valid_to)
    )
{%- endmacro %}
