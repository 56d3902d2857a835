{#- A view, replaced under its own name: dbt-duckdb's own makes a second and renames both. -#}
{% materialization view, adapter='duckdb' -%}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and not existing.is_view -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif %}
    {% if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(compiled_code) }}
    {%- endif %}
    {% call statement('main') -%}
        create or replace view {{ relation }} as (
            {{ compiled_code }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}

    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}
