{#- Half of the smallest difference between two prices: A-shares are quoted in cents. -#}
{% macro half_tick(market, code) -%}
    case
        when {{ market }} = 'HK' or {{ bar_kind(market, code) }} = 'fund' then 0.0005
        else 0.005
    end
{%- endmacro %}

{#-
    The shares held for each one before, by the first session on which a known split or
    consolidation shows in ``bars``.
-#}
{% macro share_ratios(bars) -%}
(
    select
        code,
        trade_date,
        exp(sum(ln(ratio))) as share_ratio
    from (
        select
            actions.code,
            actions.shares_after / actions.shares_before as ratio,
            min(bars.trade_date) as trade_date
        from {{ known_versions(
            'corporate_actions',
            where='fact.ex_date <= parameters.as_of_date'
        ) }} as actions
        inner join {{ bars }} as bars
            on actions.code = bars.code and bars.trade_date >= actions.ex_date
        where bars.adjustment = 'none'
        group by actions.code, actions.ex_date, ratio
    ) as shown
    group by code, trade_date
)
{%- endmacro %}

{#-
    The price on which a session began, where the source gives none but prints the session's
    change. That is rounded: the stored close before is meant where it explains the change, else a
    whole number of ticks. A series that prints one decimal of a percent proves nothing.
-#}
{% macro printed_references(bars) -%}
(
    select
        code,
        trade_date,
        adjustment,
        case
            when not is_precise or change_ratio is null then null
            when abs(close / previous_close - 1 - change_ratio) < 0.000051 then previous_close
            when {{ half_tick('market', 'code') }} < 0.001 then round(close / (1 + change_ratio), 3)
            else round(close / (1 + change_ratio), 2)
        end as reference
    from (
        select
            known.*,
            lag(known.close) over of_series as previous_close,
            bool_or(abs(known.change_ratio * 1000 - round(known.change_ratio * 1000)) > 0.001)
                over (partition by known.code, known.adjustment) as is_precise
        from {{ bars }} as known
        where
            known.code in (
                select printing.code
                from {{ bars }} as printing
                where printing.change_ratio is not null and printing.reference_close is null
            )
        window
            of_series as (
                partition by known.code, known.adjustment order by known.trade_date
            )
    ) as printing
    where reference_close is null and adjustment = 'none' and change_ratio > -1
)
{%- endmacro %}

{#-
    The steps that are not a day's trading, one row per code, adjustment and session.
    ``bars`` is a relation of rows of daily_bars with the ``reference`` of each.

    is_unlinked: the reference does not meet the stored close, and a session between them is
    not stored, so that an action cannot be told from what was lost. is_unexplained: trading
    moves no price so far from its reference in a day. is_price_broken: the same of the step
    from close to close, with which the price alone says nothing of a holding.
-#}
{% macro odd_steps(bars) -%}
{#- 5:4 is the smallest usual split; it shows on a day that moves up to 8 % against it. -#}
{%- set split = 0.146 -%}
{#- Between rows that are weeks apart a price may move by a third; 3:2 and more still shows. -#}
{%- set sparse = 0.35 -%}
{#- An adjusted series has no splits: a share has risen by half on one day. -#}
{%- set adjusted = 0.64 -%}
(
    with steps as (

        select
            bars.code,
            bars.adjustment,
            bars.market,
            bars.trade_date,
            bars.close,
            {{ adjusted_level('bars') }} as close_adjusted,
            bars.reference,
            lag(bars.trade_date) over of_series as previous_on,
            bars.share_ratio,
            lag(bars.close) over of_series / coalesce(bars.share_ratio, 1) as previous_close,
            lag({{ adjusted_level('bars') }}) over of_series as previous_adjusted
        from {{ bars }} as bars
        -- Rounding distorts the small prices of a series that was adjusted by amounts.
        where bars.adjustment <> 'forward_additive'
        window of_series as (partition by bars.code, bars.adjustment order by bars.trade_date)

    ),

    suspects as (

        select
            steps.*,
            steps.adjustment = 'none'
            and abs(steps.reference - steps.previous_close)
            >= {{ half_tick('steps.market', 'steps.code') }} as is_broken
        from steps
        where
            steps.previous_on is not null
            and (
                abs(steps.close / steps.previous_close - 1) > 0.045
                or abs(steps.close / steps.reference - 1) > 0.045
                or abs(steps.reference - steps.previous_close)
                >= {{ half_tick('steps.market', 'steps.code') }}
            )

    ),

    -- A later file that changed prices of an adjusted series stands on another day's basis, up
    -- to its first row.
    rebased as (

        select
            code,
            adjustment,
            min(trade_date) as trade_date
        from {{ bars }} as bars
        where
            adjustment not in ('none', 'backward_ratio')
            and (code, adjustment, load_id) in (
                select code, adjustment, load_id from {{ bars }} as revised
                where version > 1 and adjustment <> 'none'
            )
        group by code, adjustment, load_id

    ),

    placed as (

        select
            suspects.*,
            today.sessions_before - before.sessions_before
            - cast(before.is_session as integer) as sessions_between,
            -- Funds follow boards of 10 and of 20 %.
            case when suspects.market = 'CN' then coalesce(limits.limit_ratio, 0.2) end
                as daily_limit,
            -- Somebody looked at the day and found that the price moved.
            coalesce(
                today.sessions_before - first_day.sessions_before < limits.free_sessions, false
            ) or coalesce(suspects.share_ratio = 1, false) as is_free
        from suspects
        inner join {{ ref('int_calendar') }} as today
            on suspects.market = today.market and suspects.trade_date = today.day
        inner join {{ ref('int_calendar') }} as before
            on suspects.market = before.market and suspects.previous_on = before.day
        {{ join_daily_limits('suspects', 'dated_names.name') }}
        left join {{ ref('int_calendar') }} as first_day
            on suspects.market = first_day.market and names.listed_on = first_day.day

    ),

    judged as (

        select
            placed.*,
            {% for base in ['reference', 'previous_close'] %}
                {%- set step = 'ln(placed.close / placed.' ~ base ~ ')' %}
                coalesce(
                    not placed.is_free and case
                        when placed.close_adjusted is not null
                            then abs(
                                ln(placed.close_adjusted / placed.previous_adjusted)
                            ) > {{ adjusted }}
                        {%- if base == 'reference' %}
                        when placed.daily_limit is null then abs({{ step }}) > {{ sparse }}
                        {%- else %}
                        when placed.sessions_between >= 14 and placed.close < placed.previous_close
                            then {{ step }} < -{{ sparse }}
                        -- A-shares are split, hardly ever put together.
                        when placed.sessions_between > 0 and placed.close > placed.previous_close
                            then {{ step }} > coalesce(
                                (1 + placed.sessions_between) * ln(1.001 + placed.daily_limit),
                                {{ sparse }}
                            )
                        when placed.daily_limit is null then abs({{ step }}) > {{ split }}
                        {%- endif %}
                        else
                            abs(placed.close - placed.{{ base }})
                            > placed.daily_limit * placed.{{ base }} + 0.0051
                    end, false
                ) as is_off_{{ base }}{{ ',' if not loop.last }}
            {% endfor %}
        from placed

    )

    select
        code,
        adjustment,
        trade_date,
        coalesce(is_broken and sessions_between > 0, false) as is_unlinked,
        is_off_reference as is_unexplained,
        is_off_previous_close as is_price_broken,
        false as is_rebased
    from judged
    union all
    select
        code,
        adjustment,
        trade_date,
        false as is_unlinked,
        false as is_unexplained,
        false as is_price_broken,
        true as is_rebased
    from rebased
)
{%- endmacro %}
