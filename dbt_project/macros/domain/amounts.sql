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

{#-
    The word that multiplies the number: 千万, 亿, M after a digit; empty without one. Words of
    万 and 亿 may stand alone (近亿元), the others only behind a digit.
-#}
{% macro amount_scale_word(amount_text) -%}
    {%- set alone, behind = [], [] -%}
    {%- for word in var('scale_words') | list | reverse -%}
        {%- do (alone if '万' in word or '亿' in word else behind).append(word) -%}
    {%- endfor -%}
    coalesce(
        nullif(regexp_extract({{ amount_text }}, '({{ alone | join("|") }})', 1), ''),
        regexp_extract(lower({{ amount_text }}), '[0-9] *({{ behind | join("|") }})', 1)
    )
{%- endmacro %}

{#- What 万 and 亿 multiply by; 1 where the word is neither. -#}
{% macro scale_times(word) -%}
    case {{ word }}
        {%- for known in ['万', '亿'] %} when '{{ known }}' then {{ var('scale_words')[known] }}
        {%- endfor %} else 1
    end
{%- endmacro %}

{#- 万 or 亿: the scale in which amount_number is counted. -#}
{% macro amount_scale(amount_text) -%}
    case
        {%- for word, times in var('scale_words').items() %}
        when {{ amount_scale_word(amount_text) }} = '{{ word }}'
            then '{{ '亿' if times >= var('scale_words')['亿'] else '万' }}'
        {%- endfor %}
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
                {%- for word, times in var('scale_words').items() %}
                {%- set yi, wan = var('scale_words')['亿'], var('scale_words')['万'] %}
                {%- set scale = yi if times >= yi else wan %}
                when '{{ word }}' then {{ times // scale if times >= scale else times / scale }}
                {%- endfor %}
                else 1
            end,
            6
        )
    end
{%- endmacro %}

{#- ISO currency of a printed amount; null where it names none. -#}
{% macro amount_currency(amount_text) -%}
    case
        {%- for currency, words in var('currency_words').items() %}
        when
            {%- for word in words %}
            lower({{ amount_text }}) like '%{{ word }}%'{{ ' or' if not loop.last }}
            {%- endfor %}
            then '{{ currency }}'
        {%- endfor %}
    end
{%- endmacro %}

{#- What two spellings of one round have in common; all undisclosed rounds are one. -#}
{% macro round_key(round_name) -%}
    coalesce(
        nullif(
            {{ all_replaced(
                "lower(translate(" ~ round_name ~ ", '＋　—－–', '+ ---'))",
                '融资|轮|series|未披露|未透露|[ -]',
                ''
            ) }},
            ''
        ),
        '—'
    )
{%- endmacro %}
