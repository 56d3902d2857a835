-- Each later word on a period that was reported before, with the figures before and after.
{%- set lines = [
    'revenue_ytd',
    'operating_revenue_ytd',
    'net_profit_ytd',
    'net_profit_attributable_ytd',
    'net_profit_deducted_ytd',
] %}
with statements as (

    select
        *,
        coalesce(statement_kind, 'original') as kind
    from {{ ref('income_statements') }}
    qualify count(*) over (partition by code, report_period) > 1

),

successive as (

    select
        *,
        lag(version) over later as version_before,
        lag(announced_on) over later as announced_on_before,
        lag(kind) over later as kind_before,
    {% for line in lines -%}
        lag({{ line }}) over later as {{ line }}_before{{ ',' if not loop.last }}
    {% endfor %}
    from statements
    window
        later as (
            partition by code, report_period
            order by available_on, announced_on nulls first, version
        )

)

select
    code,
    report_period,
    case
        when (announced_on is not distinct from announced_on_before)
            then 'corrected_by_source'
        when kind <> kind_before then 'comparative'
        else 'restated'
    end as change,
    announced_on,
    available_on,
    kind as statement_kind,
    version,
    announced_on_before,
    kind_before as statement_kind_before,
    version_before,
    {% for line in lines -%}
        {{ line }},
        {{ line }}_before,
    {% endfor %}
    source_note
from successive
where
    version_before is not null
    and (
        {% for line in lines -%}
            ({{ line }} is distinct from {{ line }}_before){{ ' or' if not loop.last }}
        {% endfor %}
    )
order by available_on desc, code asc, report_period desc
