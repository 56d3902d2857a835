{#-
    Returns of shares up to the day of the report: one row per code, with the last session and
    its close, and per window the change, ``<window>_basis`` (how it is made), ``<window>_reason``
    (why it is missing), ``<window>_base_on``, ``<window>_price`` (the change of the price alone,
    with its own ``<window>_price_reason``) and ``<window>_market_base_on``, the one base date of
    the market. Every mart takes its stock changes from here, so that a share has one return per
    window wherever it is printed.

    A window has one basis. Where the source adjusted both ends, they are compared. Where every
    session has a reference price, daily steps are multiplied: each reference meets the stored
    close before it, or differs from it on the very next session, which is an ex-right day, and
    the market lacks no session. Else the closes of both ends are compared, unless a step
    between them is no day's trading.

    ``windows`` are those of window_start. A base is the last close in the 31 days before its
    window: what was suspended for longer has no change. So a window reads its own sessions
    and those 31 days, never more.
    ``where`` narrows the read of the bars further; it may use ``fact`` and ``parameters``.
-#}
{% macro stock_returns(windows, where='true') -%}
{%- set odd_flags = ['is_unlinked', 'is_unexplained', 'is_price_broken', 'is_rebased'] -%}
(
    with known as {{ known_versions(
        'daily_bars',
        where=is_bar_of(windows) ~ ' and (' ~ where ~ ')'
    ) }},

    bars as (

        select
            known.*,
            coalesce(known.reference_close, printed.reference) as reference,
            actions.share_ratio
        from known
        left join {{ share_ratios('known') }} as actions
            on known.code = actions.code and known.trade_date = actions.trade_date
            and known.adjustment = 'none'
        left join {{ printed_references('known') }} as printed
            on
                known.code = printed.code
                and known.trade_date = printed.trade_date
                and known.adjustment = printed.adjustment

    ),

    odd as (

        select
            steps.code,
            steps.adjustment
            {%- for window in windows %}
            {%- for flag in odd_flags %},
            bool_or(steps.{{ flag }} and {{ in_window(window, 'steps') }})
                as {{ window }}_{{ flag }}
            {%- endfor %}
            {%- endfor %}
        from {{ odd_steps('bars') }} as steps
        cross join {{ ref('int_windows') }} as windows
        group by steps.code, steps.adjustment

    ),

    series as (

        select
            bars.code,
            bars.market,
            bars.adjustment,
            {{ last_bar() }},
            {{ value_at_max('bars.source_note', 'bars.trade_date') }} as source_note
            {%- for window in windows %}
            {%- set inside -%} filter (where {{ in_window(window, 'bars') }}) {%- endset %}
            {%- set before -%} filter (where {{ in_base_of(window) }}) {%- endset %},
            {{ last_bar(window ~ '_base', before) }},
            {%- if next_window_start(window) %}
            {{ last_bar(window ~ '_end', 'filter (where ' ~ in_end_of(window) ~ ')') }},
            {%- endif %}
            sum(ln(bars.close / bars.reference)) {{ inside }} as {{ window }}_ln_steps,
            count(bars.reference) {{ inside }} - count(bars.reference_close) {{ inside }}
                as {{ window }}_printed_steps,
            sum(ln(bars.share_ratio)) {{ inside }} as {{ window }}_ln_shares,
            count(*) {{ inside }} - count(bars.reference) {{ inside }}
                as {{ window }}_bare_steps
            {%- endfor %}
        from bars
        cross join {{ ref('int_windows') }} as windows
        group by bars.code, bars.market, bars.adjustment

    ),

    -- A series is never mixed with one that was adjusted in another way.
    last_series as (

        select
            series.*,
            max(series.last_on) over (partition by series.market) as market_last_on
            {%- for window in windows %},
            {%- if not next_window_start(window) %}
            case when series.last_on >= windows.{{ window_start(window) }} then series.last_on end
                as {{ window }}_end_on,
            series.last_close as {{ window }}_end_close,
            series.last_adjusted as {{ window }}_end_adjusted,
            {%- endif %}
            windows.{{ window_start(window) }} as {{ window }}_starts_on,
            max(series.{{ window }}_base_on) over (partition by series.code)
                as {{ window }}_any_base_on
            {%- endfor %}
        from series
        cross join {{ ref('int_windows') }} as windows
        qualify
            row_number() over (
                partition by series.code order by series.last_on desc, series.adjustment
            ) = 1

    ),

    -- Shares of few that are followed which did not trade between two of their rows: the
    -- reference price of the later one meets the close of the one before.
    suspended as (

        select
            code,
            adjustment,
            last_on,
            next_on
        from (
            select
                code,
                market,
                adjustment,
                trade_date as last_on,
                close,
                lead(trade_date) over of_series as next_on,
                lead(reference) over of_series as next_reference
            from bars
            where
                market in (
                    select market from {{ ref('int_missing_sessions') }} where not is_proven
                )
            window of_series as (partition by code, adjustment order by trade_date)
        ) as pairs
        where abs(next_reference - close) < {{ half_tick('market', 'code') }}

    ),

    -- What the market lacks between a base and its window, and inside the window.
    lost as (

        select
            shares.code
            {%- for window in windows %},
            {{ value_at_min('missing.reason', 'missing.missing_on') }} filter (
                where missing.missing_on > shares.{{ window }}_base_on
                and missing.missing_on < windows.{{ window_start(window) }}
            ) as {{ window }}_lost_base,
            {%- if next_window_start(window) %}
            {{ value_at_min('missing.reason', 'missing.missing_on') }} filter (
                where missing.missing_on > shares.{{ window }}_end_on
                and {{ in_window(window, 'missing', 'missing_on') }}
            ) as {{ window }}_lost_end,
            {%- endif %}
            {{ value_at_min('missing.reason', 'missing.missing_on') }} filter (
                where missing.is_proven
                and missing.missing_on < shares.{{ window }}_end_on
                and {{ in_window(window, 'missing', 'missing_on') }}
            ) as {{ window }}_lost_inside
            {%- endfor %}
        from last_series as shares
        cross join {{ ref('int_windows') }} as windows
        inner join {{ ref('int_missing_sessions') }} as missing
            on
                shares.market = missing.market
                and {{ bar_kind('shares.market', 'shares.code') }} = missing.kind
        left join suspended
            on
                shares.code = suspended.code
                and shares.adjustment = suspended.adjustment
                and missing.missing_on > suspended.last_on
                and missing.missing_on < suspended.next_on
        where missing.is_proven or suspended.code is null
        group by shares.code

    ),

    judged as (

        select
            shares.*
            {%- for window in windows %},
            {{ return_basis(window) }} as {{ window }}_basis,
            {{ return_reason(window, return_basis(window)) }} as {{ window }}_reason,
            {{ price_reason(window) }} as {{ window }}_price_reason
            {%- endfor %}
        from last_series as shares
        left join odd on shares.code = odd.code and shares.adjustment = odd.adjustment
        left join lost on shares.code = lost.code
        left join {{ windows_with_sessions(windows) }} as opened on shares.market = opened.market

    )

    select
        code,
        market,
        adjustment,
        last_on as session_on,
        source_note,
        -- An adjusted close is no price.
        case when adjustment = 'none' then last_close end as close,
        case when adjustment <> 'none' then last_close end as close_adjusted,
        case when adjustment <> 'none' then '来源仅有复权价' end as close_reason
        {%- for window in windows %},
        {{ window }}_base_on,
        {{ window }}_base_close as {{ window }}_base,
        max({{ window }}_base_on) over (partition by market) as {{ window }}_market_base_on,
        case when {{ window }}_reason is null then {{ window }}_basis end as {{ window }}_basis,
        {{ window }}_reason,
        case
            when {{ window }}_reason is not null then null
            when {{ window }}_basis in ('ex_right_chain', 'printed_chain')
                then {{ chained_change(window ~ '_ln_steps') }}
            when {{ window }}_basis in ('price', 'split')
                then {{ price_change(window) }}
            else {{ period_change(
                window ~ '_end_adjusted.value', window ~ '_base_adjusted.value'
            ) }}
        end as {{ window }},
        {{ window }}_price_reason,
        case
            when {{ window }}_price_reason is null then {{ price_change(window) }}
        end as {{ window }}_price
        {%- endfor %}
    from judged
)
{%- endmacro %}

{#- The close whose ratios are total returns; null of a series that no one adjusted for them. -#}
{% macro adjusted_level(row) -%}
    case
        when {{ row }}.adjustment in ('none', 'split') then {{ row }}.close_adjusted
        else {{ row }}.close
    end
{%- endmacro %}

{#- Day, close and adjusted close of the last of some bars; one of them may lack the last. -#}
{% macro last_bar(name='last', rows='') -%}
    max(bars.trade_date) {{ rows }} as {{ name }}_on,
            {{ value_at_max('bars.close', 'bars.trade_date') }} {{ rows }} as {{ name }}_close,
            {{ value_at_max(boxed(adjusted_level('bars')), 'bars.trade_date') }} {{ rows }}
                as {{ name }}_adjusted
{%- endmacro %}

{#- How a window's change is made: of the words of the column of bases. -#}
{% macro return_basis(window) -%}
    case
        when
            shares.{{ window }}_base_adjusted.value is not null
            and shares.{{ window }}_end_adjusted.value is not null
            then case
                when shares.adjustment in ('none', 'split') then 'adjusted_close'
                else shares.adjustment
            end
        when shares.{{ window }}_bare_steps = 0 and shares.{{ window }}_printed_steps = 0
            then 'ex_right_chain'
        when shares.{{ window }}_bare_steps = 0 then 'printed_chain'
        when shares.adjustment = 'split' or shares.{{ window }}_ln_shares <> 0 then 'split'
        else 'price'
    end
{%- endmacro %}

{#- The change of a price over the same number of shares. -#}
{% macro price_change(window) -%}
    {{ period_change(
        '(' ~ window ~ '_end_close * exp(coalesce(' ~ window ~ '_ln_shares, 0)))',
        window ~ '_base_close'
    ) }}
{%- endmacro %}

{#- Why a window has no end or no base that it could be compared with. -#}
{% macro end_reasons(window) -%}
        when shares.{{ window }}_end_on is null and not opened.{{ window }}_has_session
            then {{ without_session(window) }}
        when shares.{{ window }}_end_on is null and shares.market_last_on < shares.{{ window }}_starts_on
            then '缺交易日数据：区间内无行情'
        when shares.{{ window }}_end_on is null then '区间内停牌或无成交'
        when shares.{{ window }}_base_on is null and shares.{{ window }}_any_base_on is not null
            then '复权口径变化，区间两端不可比'
        when shares.{{ window }}_base_on is null
            then '无基期收盘价（此前31日停牌、未上市或无行情）'
        when lost.{{ window }}_lost_base is not null
            then lost.{{ window }}_lost_base
        {%- if next_window_start(window) %}
        when lost.{{ window }}_lost_end is not null
            then lost.{{ window }}_lost_end
        {%- else %}
        when {{ is_long_ended('shares.market_last_on') }}
            then '数据截至 ' || shares.market_last_on
        {%- endif %}
{%- endmacro %}

{#- Why a change is missing; null where it is not. ``basis`` is that of return_basis. -#}
{% macro return_reason(window, basis) -%}
    case
{{ end_reasons(window) }}
        when odd.{{ window }}_is_rebased then '复权基准变化，区间两端不可比'
        when
            {{ basis }} in ('ex_right_chain', 'printed_chain')
            and lost.{{ window }}_lost_inside is not null
            then lost.{{ window }}_lost_inside
        when odd.{{ window }}_is_unlinked
            then '昨收与前收盘不衔接（缺交易日数据，或停牌期间除权）'
        when
            odd.{{ window }}_is_unexplained
            or ({{ basis }} in ('price', 'split') and odd.{{ window }}_is_price_broken)
            then '疑似除权，无参考价'
    end
{%- endmacro %}

{#- Why the change of the price alone is missing; null where it is not. -#}
{% macro price_reason(window) -%}
    case
        when shares.adjustment not in ('none', 'split') then '来源仅有复权价'
{{ end_reasons(window) }}
        when odd.{{ window }}_is_price_broken then '区间内除权，价格前后不可比'
    end
{%- endmacro %}

{#- The one basis of a row's returns; mixed where its windows differ. -#}
{% macro row_basis(relation, windows) -%}
    {%- set bases -%}
        {%- for window in windows -%}
            {{ relation }}.{{ window }}_basis{{ ', ' if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- if windows | length == 1 -%} {{ bases }}
    {%- else -%}
    case
        when least({{ bases }}) = greatest({{ bases }}) then least({{ bases }})
        when least({{ bases }}) is not null then 'mixed'
    end
    {%- endif -%}
{%- endmacro %}

{#- A window's change with what goes beside it wherever it is printed. -#}
{% macro with_its_basis(relation, window) -%}
    {{ relation }}.{{ window }},
    {{ relation }}.{{ window }}_basis,
    {{ relation }}.{{ window }}_reason
{%- endmacro %}
