{#-
    Joins of the price limit on each row of ``bars`` (code, trade_date): ``names`` is what is
    known of the security, ``dated_names`` its name on the day, ``limits`` the rule of its board.
    ``name`` decides whether it was under special treatment; null decides that it was not.
-#}
{% macro join_daily_limits(bars, name, join='left') -%}
    left join {{ ref('int_security_names') }} as names on {{ bars }}.code = names.code
    left join {{ ref('int_dated_names') }} as dated_names
        on
            {{ bars }}.code = dated_names.code
            and {{ bars }}.trade_date >= dated_names.name_from
            and (
                dated_names.next_name_from is null
                or {{ bars }}.trade_date < dated_names.next_name_from
            )
    {{ join }} join {{ ref('int_dated_limits') }} as limits
        on
            {{ listing_board(bars ~ '.code', 'names.board') }} = limits.listing_board
            and limits.is_st = coalesce({{ is_st_name(name, bars ~ '.code') }}, false)
            and {{ bars }}.trade_date >= limits.valid_from
            and {{ bars }}.trade_date < limits.valid_to
{%- endmacro %}
