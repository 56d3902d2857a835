{#- The day from which a row counts as known: announced, or seen in the strict reading. -#}
{% macro known_on(row, parameters) -%}
    case {{ parameters }}.knowledge
        when 'seen' then {{ beijing_date(row ~ '.first_seen_at') }}
        else {{ row }}.available_on
    end
{%- endmacro %}

{#-
    Whether a row could be known: announced by known_at (the default), or seen by it in the
    strict reading. A null known_at means everything known; a null available_on is undated
    reference data, which was always announced.
-#}
{% macro is_known(row, parameters) -%}
    (
        {{ parameters }}.known_at is null
        or coalesce({{ known_on(row, parameters) }}, {{ parameters }}.known_at)
        <= {{ parameters }}.known_at
    )
{%- endmacro %}

{#-
    The last known version of each key of a core table.

    Versions after the first are rare, so the newest known one of each revised key is found
    first (its scan is pruned by version) and every other key costs no window.
    ``where`` narrows every read; it may use ``fact`` and ``parameters``.

    Rows of shares come under the code of the report day (int_codes_of_the_day), which keeps a
    company's history in one piece. Where two of its codes tell the same key, the one that was
    seen last counts, but never a code that had ended by then.
-#}
{% macro known_versions(table, where='true') -%}
    {%- set key = core_key(table).split(',') -%}
    {%- set others = key | reject('equalto', 'code') | list -%}
    {%- set has_code = 'code' in key -%}
    (
        {% if has_code -%}
        with codes as {{ materialized() }} (select * from {{ ref('int_codes_of_the_day') }})

        {% endif -%}
        select
            {{
                star_with('fact', {'code': 'coalesce(codes.code_of_the_day, fact.code)'})
                if has_code else 'fact.*'
            }}
        from {{ ref(table) }} as fact
        cross join {{ ref('int_run_parameters') }} as parameters
        left join (
            select
                {% for column in key %}fact.{{ column }},
                {% endfor -%}
                max(fact.version) as version
            from {{ ref(table) }} as fact
            cross join {{ ref('int_run_parameters') }} as parameters
            where fact.version > 1 and {{ is_known('fact', 'parameters') }} and ({{ where }})
            group by {% for column in key %}fact.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        ) as revision
            on {% for column in key -%}
                fact.{{ column }} is not distinct from revision.{{ column }}
                {{ 'and ' if not loop.last }}
            {%- endfor %}
        {%- if has_code %}
        left join codes on {{ is_told_by('fact', 'codes') }}
        left join {{ told_twice(table, others, where) }} as lesser
            on {% for column in key -%}
                fact.{{ column }} is not distinct from lesser.{{ column }}
                {{ 'and ' if not loop.last }}
            {%- endfor %}
        {%- endif %}
        where
            {{ is_known('fact', 'parameters') }}
            and fact.version = coalesce(revision.version, 1)
            {%- if has_code %}
            and lesser.code is null
            {%- endif %}
            and ({{ where }})
    )
{%- endmacro %}

{#-
    Of the keys that two codes of one company tell, the rows that do not count (see
    known_versions, whose ``codes`` it reads). Only the few rows of such companies are looked at.
-#}
{% macro told_twice(table, others, where) -%}
    (
        select
            {% for column in others %}fact.{{ column }},
            {% endfor -%}
            fact.code
        from {{ ref(table) }} as fact
        cross join {{ ref('int_run_parameters') }} as parameters
        inner join codes on {{ is_told_by('fact', 'codes') }}
        where {{ is_known('fact', 'parameters') }} and ({{ where }})
        qualify
            fact.code <> first_value(fact.code) over (
                partition by {% for column in others %}fact.{{ column }}, {% endfor -%}
                    codes.code_of_the_day
                order by
                    coalesce(fact.available_on < codes.ended_on, true) desc,
                    fact.first_seen_at desc,
                    codes.ended_on,
                    fact.code <> codes.code_of_the_day
            )
    )
{%- endmacro %}

{#-
    The CTEs that turn candidate rows (any number per key, in order of arrival) into the
    versions that are new: a row whose attributes equal its predecessor's adds nothing, so
    that loading the same file twice, or a crash between two models, changes nothing.

    ``candidates`` needs the key, the attributes, load_id, first_seen_at and arrival_row.
    Ends in a CTE ``versions``. ``period`` names the date column that bounds the look-up in
    the existing table; without one the whole table is read (dimensions are small).

    Nearly every key comes once in a build: it is compared with its stored version and costs no
    window. Only keys that come several times are put in order.

    ``partial`` names the attributes that some source does not carry. ``candidates`` then
    needs ``not_carried``: those names, separated by spaces, for the rows of such a source,
    else null. What a row does not carry stands as it was; a null that it does carry is a
    null. ``derived`` names columns that follow from key and attributes, and are not compared.
-#}
{% macro new_versions(candidates, key, attributes, period=none, partial=[], derived=[]) -%}
    {%- set arrivals -%}
        partition by {% for column in key %}candidate.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        order by candidate.first_seen_at, candidate.load_id, candidate.arrival_row
    {%- endset -%}
    {% if is_incremental() -%}
    stored as (
        select
            {% for column in key + attributes %}{{ column }},
            {% endfor -%}
            version
        from {{ this }}
        {%- if period %}
        where
            {{ period }} >= (select min({{ period }}) from {{ candidates }})
            and {{ period }} <= (select max({{ period }}) from {{ candidates }})
        {%- endif %}
    ),

    {% endif -%}
    known as (
        {%- if is_incremental() %}
        select stored.*
        from stored
        left join (
            select
                {{ key | join(', ') }},
                max(version) as version
            from stored
            where version > 1
            group by {{ key | join(', ') }}
        ) as revision
            on {{ same_columns('stored', 'revision', key) }}
        where stored.version = coalesce(revision.version, 1)
        {%- else %}
        select
            {% for column in key + attributes %}{{ column }},
            {% endfor -%}
            0 as version
        from {{ candidates }}
        where false
        {%- endif %}
    ),

    repeated as (
        select
            {{ key | join(', ') }},
            count(*) as arrivals
        from {{ candidates }}
        group by {{ key | join(', ') }}
        having count(*) > 1
    ),

    single as (
        select
            {% for column in key %}candidate.{{ column }},
            {% endfor -%}
            {% for column in attributes -%}
            {% if column in partial -%}
            case
                when {{ is_carried('candidate', column) }} then candidate.{{ column }}
                else known.{{ column }}
            end as {{ column }},
            {% else -%}
            candidate.{{ column }},
            {% endif -%}
            {% endfor -%}
            {% for column in derived %}candidate.{{ column }},
            {% endfor -%}
            candidate.available_on,
            candidate.first_seen_at,
            candidate.load_id,
            coalesce(known.version, 0) as known_version
        from {{ candidates }} as candidate
        left join repeated on {{ same_columns('candidate', 'repeated', key) }}
        left join known on {{ same_columns('candidate', 'known', key) }}
        where
            repeated.arrivals is null
            and (
                known.version is null
                {%- for column in attributes %}
                or (
                    candidate.{{ column }} is distinct from known.{{ column }}
                    {%- if column in partial %}
                    and {{ is_carried('candidate', column) }}
                    {%- endif %}
                )
                {%- endfor %}
            )
    ),

    filled as (
        select
            {% for column in key %}candidate.{{ column }},
            {% endfor -%}
            {% for column in attributes -%}
            {% if column in partial -%}
            coalesce(
                {{ last_given(
                    'case when ' ~ is_carried('candidate', column) ~ ' then '
                    ~ boxed('candidate.' ~ column) ~ ' end'
                ) }} over (
                    {{ arrivals }} rows between unbounded preceding and current row
                ),
                {{ boxed('known.' ~ column) }}
            ).value as {{ column }},
            {% else -%}
            candidate.{{ column }},
            {% endif -%}
            {% endfor -%}
            {% for column in derived %}candidate.{{ column }},
            {% endfor -%}
            candidate.available_on,
            candidate.first_seen_at,
            candidate.load_id,
            candidate.arrival_row
        from {{ candidates }} as candidate
        inner join repeated on {{ same_columns('candidate', 'repeated', key) }}
        left join known on {{ same_columns('candidate', 'known', key) }}
    ),

    ordered as (
        select
            candidate.*,
            {% for column in attributes -%}
            lag(candidate.{{ column }}) over ({{ arrivals }}) as earlier_{{ column }},
            {% endfor -%}
            row_number() over ({{ arrivals }}) as arrival
        from filled as candidate
    ),

    arrivals as (
        select
            candidate.*,
            coalesce(known.version, 0) as known_version,
            case
                when candidate.arrival > 1 then
                    {% for column in attributes -%}
                    (candidate.{{ column }} is distinct from candidate.earlier_{{ column }})
                    {{ 'or ' if not loop.last }}
                    {%- endfor %}
                when known.version is null then true
                else
                    {% for column in attributes -%}
                    (candidate.{{ column }} is distinct from known.{{ column }})
                    {{ 'or ' if not loop.last }}
                    {%- endfor %}
            end as is_new_version
        from ordered as candidate
        left join known on {{ same_columns('candidate', 'known', key) }}
    ),

    versions as (
        select
            {% for column in key + attributes + derived %}{{ column }},
            {% endfor -%}
            available_on,
            first_seen_at,
            load_id,
            known_version + 1 as version
        from single
        union all
        select
            {% for column in key + attributes + derived %}candidate.{{ column }},
            {% endfor -%}
            candidate.available_on,
            candidate.first_seen_at,
            candidate.load_id,
            cast(
                candidate.known_version
                + row_number() over ({{ arrivals }}) as integer
            ) as version
        from arrivals as candidate
        where candidate.is_new_version
    )
{%- endmacro %}

{#- Whether two rows have the same key; nulls are equal. -#}
{% macro same_columns(one, other, columns) -%}
    {%- for column in columns -%}
        {{ one }}.{{ column }} is not distinct from {{ other }}.{{ column }}
        {{- ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Whether a row's source carries a column (see new_versions). -#}
{% macro is_carried(row, column) -%}
    ({{ row }}.not_carried is null or ' ' || {{ row }}.not_carried || ' ' not like '% {{ column }} %')
{%- endmacro %}
