{#- The listed columns identify a row; nulls compare as equal. -#}
{% test unique_on(model, columns) %}
select {{ columns | join(', ') }}, count(*) as copies
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
