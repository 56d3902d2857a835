{#-
    A table, written once under its own name.

    dbt-duckdb's own writes a second table, renames two and drops one, and plans the model's
    query once more for its contract. That costs more than most report marts themselves. Here
    one statement replaces the table, inside the transaction that a broken contract rolls back.
-#}
{% materialization table, adapter='duckdb' -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_contracted = config.get('contract').enforced -%}

    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and not existing.is_table -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif %}
    {% call statement('main') -%}
        create or replace table {{ relation }} as (
            {{ compiled_code }}
        );
        {% if is_contracted -%}
            {{ not_null_columns(relation) }}
        {%- endif %}
    {%- endcall %}
    {% if is_contracted -%}
        {% do require_contract(relation) %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}

    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{#- The not_null constraints of a model, put on its table; any other kind is refused. -#}
{% macro not_null_columns(relation) -%}
    {%- if model.constraints -%}
        {% do exceptions.raise_compiler_error('a table has constraints on its columns alone') %}
    {%- endif -%}
    {%- for column in model.columns.values() -%}
        {%- for constraint in column.constraints -%}
            {%- if constraint.type != 'not_null' -%}
                {% do exceptions.raise_compiler_error(
                    'column ' ~ column.name ~ ': a table knows no constraint but not_null'
                ) %}
            {%- endif -%}
            alter table {{ relation }} alter column {{ column.name }} set not null;
        {% endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- Names, types and order of a table's columns are the contract's; else dbt's own error. -#}
{% macro require_contract(relation) -%}
    {%- set differing -%}
        with declared as (
            select
                row_number() over () as place,
                column_name,
                column_type
            from (describe {{ get_empty_schema_sql(model.columns) }})
        ),

        written as (
            select
                row_number() over () as place,
                column_name,
                column_type
            from (describe {{ relation }})
        )

        (select * from declared except select * from written)
        union all
        (select * from written except select * from declared)
    {%- endset -%}
    {%- if execute and run_query(differing) | length > 0 -%}
        {{ get_assert_columns_equivalent(compiled_code) }}
        {% do exceptions.raise_compiler_error(
            'the columns are those of the contract in another order; give both the same'
        ) %}
    {%- endif -%}
{%- endmacro %}
