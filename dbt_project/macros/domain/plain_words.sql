{#-
    Words as people read them: without the tags and the entities of a web page. They are taken
    out once, so that a title about &lt;b&gt; keeps its words; a line break of a page is a space.
-#}
{% macro plain_words(text) -%}
    {%- set entities = [
        '&nbsp; ', '&quot;"', "&apos;''", '&ldquo;“', '&rdquo;”', '&hellip;…', '&mdash;—',
        '&middot;·', '&lt;<', '&gt;>', '&amp;&'
    ] -%}
    {%- set attributes = '(\\s+[a-z-]+\\s*=[^<>]*)?\\s*/?>' -%}
    {%- set breaks = '(?i)<(br|p|div|li)' ~ attributes -%}
    {%- set tags = 'a|b|code|div|em|font|h[1-6]|i|img|li|mark|p|s|small|span|strong|sub|sup|u|ul' -%}
    case
        when {{ text }} like '%<%' or {{ text }} like '%&%' then trim({{ all_replaced(
            all_replaced(
                replaced_in_turn(letters_by_number(text), entities), breaks, ' '
            ),
            '(?i)</?(' ~ tags ~ ')' ~ attributes,
            ''
        ) }})
        else {{ text }}
    end
{%- endmacro %}
