{#-
    Chinese and English amounts as reports print them: 超1亿人民币, 近亿元, 数千万美元, $250M.

    A qualifier of 数, 数十 or 数百 stands in the place of a number: there is none to rank.
    A scale without a number means one of it (近亿元 is close to one 亿).
-#}
{% macro amount_qualifier(amount_text) -%}
    case
        when {{ amount_text }} like '%数百%' then '数百'
        when {{ amount_text }} like '%数十%' then '数十'
        when {{ amount_text }} like '%数%' then '数'
        when {{ amount_text }} like '%近%' then '近'
        when
            {{ amount_text }} like '%超%' or {{ amount_text }} like '%逾%'
            or {{ amount_text }} like '%过%' or {{ amount_text }} like '%上%'
            then '超'
        when {{ amount_text }} like '%约%' then '约'
    end
{%- endmacro %}

{#- The digits of an amount, without thousands commas; an empty text where it has none. -#}
{% macro amount_digits(amount_text) -%}
    regexp_extract(
        replace(replace({{ amount_text }}, ',', ''), '，', ''), '([0-9]+[.]?[0-9]*)', 1
    )
{%- endmacro %}

{#- The word that multiplies the number: 千万, 亿, M after a digit; empty without one. -#}
{% macro amount_scale_word(amount_text) -%}
    coalesce(
        nullif(
            regexp_extract(
                {{ amount_text }}, '(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万)', 1
            ),
            ''
        ),
        regexp_extract(lower({{ amount_text }}), '[0-9] *(million|billion|mn|bn|m|b)', 1)
    )
{%- endmacro %}

{#- 万 or 亿: the scale in which amount_number is counted. -#}
{% macro amount_scale(amount_text) -%}
    case
        when {{ amount_scale_word(amount_text) }} in ('billion', 'bn', 'b') then '亿'
        when {{ amount_scale_word(amount_text) }} like '%亿' then '亿'
        when {{ amount_scale_word(amount_text) }} <> '' then '万'
    end
{%- endmacro %}

{#- The number before 万 or 亿; null where the text names none. -#}
{% macro amount_number(amount_text) -%}
    case
        when {{ amount_text }} like '%数%' then null
        when {{ amount_digits(amount_text) }} = '' and {{ amount_scale_word(amount_text) }} = ''
            then null
        else round(
            cast(coalesce(nullif({{ amount_digits(amount_text) }}, ''), '1') as double)
            * case {{ amount_scale_word(amount_text) }}
                when '万亿' then 10000 when '千亿' then 1000 when '百亿' then 100
                when '十亿' then 10 when '千万' then 1000 when '百万' then 100
                when '十万' then 10 when 'million' then 100 when 'mn' then 100
                when 'm' then 100 when 'billion' then 10 when 'bn' then 10
                when 'b' then 10 else 1
            end,
            6
        )
    end
{%- endmacro %}

{#- ISO currency of a printed amount; null where it names none. -#}
{% macro amount_currency(amount_text) -%}
    case
        when {{ amount_text }} like '%港%' or upper({{ amount_text }}) like '%HK%' then 'HKD'
        when
            {{ amount_text }} like '%美元%' or {{ amount_text }} like '%美金%'
            or upper({{ amount_text }}) like '%USD%' or {{ amount_text }} like '%$%'
            then 'USD'
        when
            {{ amount_text }} like '%欧元%' or upper({{ amount_text }}) like '%EUR%'
            or {{ amount_text }} like '%€%'
            then 'EUR'
        when
            {{ amount_text }} like '%英镑%' or upper({{ amount_text }}) like '%GBP%'
            or {{ amount_text }} like '%£%'
            then 'GBP'
        when {{ amount_text }} like '%日元%' or upper({{ amount_text }}) like '%JPY%' then 'JPY'
        when
            {{ amount_text }} like '%人民币%' or {{ amount_text }} like '%元%'
            or upper({{ amount_text }}) like '%RMB%' or upper({{ amount_text }}) like '%CNY%'
            then 'CNY'
    end
{%- endmacro %}

{#- What two spellings of one round have in common; all undisclosed rounds are one. -#}
{% macro round_key(round_name) -%}
    coalesce(
        nullif(
            regexp_replace(
                lower(translate({{ round_name }}, '＋　—－–', '+ ---')),
                '融资|轮|series|未披露|未透露|[ -]', '', 'g'
            ),
            ''
        ),
        '—'
    )
{%- endmacro %}
