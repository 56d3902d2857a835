{#- The median of decimals with eight places; of two middle values the mean, cut at the eighth. -#}
{% macro exact_median(value) -%}
    {{ return(adapter.dispatch('exact_median', 'yanbao')(value)) }}
{%- endmacro %}

{% macro default__exact_median(value) -%}
    median({{ value }})
{%- endmacro %}

{#- Spark interpolates in doubles, from which nine places are sure. -#}
{% macro spark__exact_median(value) -%}
    case
        when median({{ value }}) < 0 then ceil(cast(median({{ value }}) as decimal(28, 9)), 8)
        else floor(cast(median({{ value }}) as decimal(28, 9)), 8)
    end
{%- endmacro %}
