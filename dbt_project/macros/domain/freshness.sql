{#-
    The last report period that every Chinese company has to have published on a day: the annual
    and the first quarter by 30 April, the half year by 31 August, three quarters by 31 October.
-#}
{% macro season_due(day) -%}
    cast(
        {{ year_start(day) }} + case
            when {{ day }} >= {{ year_start(day) }} + interval 10 month - interval 1 day
                then interval 9 month
            when {{ day }} >= {{ year_start(day) }} + interval 8 month - interval 1 day
                then interval 6 month
            when {{ day }} >= {{ year_start(day) }} + interval 4 month - interval 1 day
                then interval 3 month
            else interval '-3' month
        end - interval 1 day as date
    )
{%- endmacro %}

{#-
    The report periods of a table of statements that are filed: by half as many companies as the
    fullest period, so that an early bird is no season.
-#}
{% macro filed_periods(table) -%}
    (
        select report_period
        from (
            select
                fact.report_period,
                count(distinct fact.code) as companies
            from {{ ref(table) }} as fact
            cross join {{ ref('int_run_parameters') }} as parameters
            where
                fact.report_period <= parameters.as_of_date
                and {{ is_known('fact', 'parameters') }}
            group by fact.report_period
        ) as periods
        qualify 2 * companies >= max(companies) over ()
    )
{%- endmacro %}

{#- Why a part of data_through is stale, as packs print it; ``row`` is a row of that mart. -#}
{% macro stale_words(row) -%}
    case {{ row }}.told_as
        when 'season'
            then
                concat_ws(
                    '', year({{ row }}.data_through), 'Q', quarter({{ row }}.data_through),
                    '，之后财报未导入'
                )
        when 'calendar'
            then concat_ws('', '交易日历截至 ', {{ row }}.data_through, '，其后按周一至周五及已知休市日计')
        else
            concat_ws(
                '', '数据截至 ', {{ row }}.data_through,
                case
                    when {{ row }}.market = 'CN' and not {{ row }}.is_certain
                        then concat_ws(
                            '', '（交易日历',
                            coalesce(concat_ws('', '截至 ', {{ row }}.calendar_to), '未导入'),
                            '，其后按周一至周五计）'
                        )
                end
            )
    end
{%- endmacro %}

{#-
    Whether data end so long before the day of the report that a window up to it has no end: no
    holidays of a market are longer than ten days.
-#}
{% macro is_long_ended(day) -%}
    {{ day }} < (select asked.as_of_date from {{ ref('int_run_parameters') }} as asked) - 10
{%- endmacro %}
