{#- Letters, digits and signs of the full width as those of the keyboard. -#}
{% macro half_width(text) -%}
    translate(
        {{ text }},
        'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９（）＊－．＆　',
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()*-.& '
    )
{%- endmacro %}

{#-
    A share's name in its one spelling: exchanges pad names to four characters (万  科Ａ) and
    write letters in either width. Spaces beside a Chinese character say nothing; those
    between words of another language stay.
-#}
{% macro share_name(name) -%}
    trim({{ all_replaced(
        all_replaced(half_width(name), '[\\s\\x{A0}]*(\\p{Han})[\\s\\x{A0}]*', '\\1'),
        '\\s+',
        ' '
    ) }})
{%- endmacro %}

{#-
    What two spellings of one name have in common: case, spaces and the width of letters
    do not tell names apart.
-#}
{% macro name_key(name) -%}
    lower(replace({{ half_width(name) }}, ' ', ''))
{%- endmacro %}

{#-
    ``relation`` with the entity that each named column means on the row's day, as
    ``<column>_id``. ``kinds`` maps columns to kinds of entity; ``aliases`` is the dated seed.
    A name that is not listed keeps an id of its own, so that no row is lost and the name can
    be listed.
-#}
{% macro with_entity_ids(relation, kinds, day, aliases) -%}
    select
        named.*,
        {% for column in kinds -%}
        case
            when named.{{ column }} is not null then coalesce(
                {{ column }}_alias.entity_id, {{ unlisted_id('named.' ~ column) }}
            )
        end as {{ column }}_id{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ relation }} as named
    {% for column, kind in kinds.items() -%}
    left join {{ aliases }} as {{ column }}_alias
        on
            {{ column }}_alias.kind = '{{ kind }}'
            and {{ name_key('named.' ~ column) }} = {{ name_key(column ~ '_alias.alias') }}
            and {{ day }} >= coalesce({{ column }}_alias.valid_from, {{ day }})
            and ({{ column }}_alias.valid_to is null or {{ day }} < {{ column }}_alias.valid_to)
    {% endfor -%}
{%- endmacro %}

{% macro unlisted_id(name) -%}
    'unlisted:' || {{ name_key(name) }}
{%- endmacro %}

{% macro is_unlisted(entity_id) -%}
    {{ entity_id }} like 'unlisted:%'
{%- endmacro %}

{#- Words of download figures that already add up every store. -#}
{% macro is_every_store(store) -%}
    lower({{ store }}) in ('全部', '全平台', '合计', '总计', 'all', 'total')
{%- endmacro %}
