{#-
    The code of a mainland share or fund from a source's bare digits: the exchange follows
    from the first of them. Null for digits of no exchange.
-#}
{% macro a_share_code(digits) -%}
    {{ digits }} || case
        when left({{ digits }}, 1) = '6' then '.SH'
        when left({{ digits }}, 1) in ('0', '3') then '.SZ'
        when {{ is_beijing_share(digits) }} then '.BJ'
    end
{%- endmacro %}

{#- Whether bare digits are those of an A share: B shares (900, 200) are left out. -#}
{% macro is_a_share(digits) -%}
    (left({{ digits }}, 1) in ('0', '3', '6') or {{ is_beijing_share(digits) }})
{%- endmacro %}

{% macro is_beijing_share(digits) -%}
    (left({{ digits }}, 1) in ('4', '8') or left({{ digits }}, 2) = '92')
{%- endmacro %}

{#- The code of a fund that is listed on an exchange. -#}
{% macro listed_fund_code(digits) -%}
    {{ digits }} || case when left({{ digits }}, 1) = '5' then '.SH' else '.SZ' end
{%- endmacro %}

{#- sh600000, the spelling of Sina and Tencent, as 600000.SH. -#}
{% macro code_of_exchange_symbol(symbol) -%}
    upper(right({{ symbol }}, length({{ symbol }}) - 2) || '.' || left({{ symbol }}, 2))
{%- endmacro %}

{#- What a mainland code lists: bars of shares and of funds come in different loads. -#}
{% macro listed_kind(code) -%}
    case when left({{ code }}, 1) in ('1', '5') then 'fund' else 'share' end
{%- endmacro %}
