{#- The market of a share, from its code's suffix. -#}
{% macro security_market(code) -%}
    case
        when {{ code }} like '%.HK' then 'HK'
        when {{ code }} like '%.O' or {{ code }} like '%.N' or {{ code }} like '%.A' then 'US'
        else 'CN'
    end
{%- endmacro %}

{#- Where a share is listed: SH, SZ, BJ or HK; New York's exchanges are one place. -#}
{% macro listing_place(code) -%}
    case {{ security_market(code) }}
        when 'US' then 'US' else split_part({{ code }}, '.', 2)
    end
{%- endmacro %}

{#- The market of an index, from its code's suffix. -#}
{% macro index_market(index_code) -%}
    case
        when {{ index_code }} like '%.GI' then 'US'
        when {{ index_code }} like '%.HI' then 'HK'
        else 'CN'
    end
{%- endmacro %}

{#- The trading currency of a market. -#}
{% macro market_currency(market) -%}
    case {{ market }} when 'US' then 'USD' when 'HK' then 'HKD' else 'CNY' end
{%- endmacro %}

{#-
    The day on which a reader in Beijing could know the close of a session: the same day in
    China and Hong Kong, the next day for New York.
-#}
{% macro known_in_beijing(market, session) -%}
    cast({{ session }} + case when {{ market }} = 'US' then 1 else 0 end as date)
{%- endmacro %}

{#-
    The board of an A-share, as the source says, else from the code. Null for what is no
    A-share.
-#}
{% macro listing_board(code, board) -%}
    case
        {%- for name, known in var('boards').items() %}
        when
            {%- for pattern in known.codes %}
            {{ 'or ' if not loop.first }}{{ code }} like '{{ pattern }}'
            {%- endfor %}
            or {{ board }} = '{{ known.word }}'
            then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
