{#- Months of the windows over which a fund's return is printed. -#}
{% macro fund_windows() -%}
    {{ return([1, 3, 6]) }}
{%- endmacro %}

{#- NAVs are printed in 1/10,000: two differences of rounded values agree up to this. -#}
{% macro nav_rounding() -%} 0.00021 {%- endmacro %}

{#-
    Whether a NAV moved further than a portfolio does, so that an action must be asked for: a
    split of 5:4 leaves 0.8. Funds of one theme move together, so that five of them tell a
    market's day from an action. Without them, and over lost days, the bounds are wide: the
    widest days on record are those of funds of the Beijing exchange, -18 % (2025-04-07) and
    +28 % (2024-10-08), and of others -14 % and +20 % on the same days.
-#}
{% macro is_nav_jump(factor) -%}
    case
        when navs.nav_date > navs.earlier_on + 11 then {{ factor }} < 0.82 or {{ factor }} > 1.6
        when {{ is_over_a_hole('navs.earlier_on', 'navs.nav_date') }}
            then {{ factor }} < 0.86 or {{ factor }} > 1.6
        when usual_steps.peers < 5 then {{ factor }} < 0.86 or {{ factor }} > 1.21
        else
            {{ factor }} < 0.81 or {{ factor }} > 1.31
            or abs({{ factor }} / usual_steps.usual_factor - 1) > 0.12
    end
{%- endmacro %}

{#-
    Whether a session lies between two NAV days of a fund. Where the calendar does not reach,
    the days themselves say: no holiday is longer than eleven.
-#}
{% macro is_over_a_hole(earlier, later) -%}
    (
        {{ later }} > {{ earlier }} + 11
        or exists (
            select 1
            from sessions
            where sessions.trade_date > {{ earlier }} and sessions.trade_date < {{ later }}
        )
    )
{%- endmacro %}
