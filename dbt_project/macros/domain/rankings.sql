{#-
    The members of every universe, as their pool has them, from both sides: ``place`` 1 at the
    ``top`` and at the ``bottom``, by a window of stock_returns. Values are rounded at eight
    decimals and sorted as such, never as printed; what has no change stands last on both sides.
-#}
{% macro ranked_members(window) -%}
(
    select
        universes.universe,
        universes.label_zh,
        universes.benchmark_index,
        universes.ranking_n,
        pool.code,
        coalesce(pool.name, pool.code) as name,
        sides.side,
        returns.session_on,
        returns.close,
        returns.close_adjusted,
        returns.close_reason,
        returns.{{ window }},
        returns.{{ window }}_basis,
        returns.{{ window }}_market_base_on,
        returns.source_note,
        count(*) over side as members,
        count(returns.{{ window }}) over side as members_ranked,
        row_number() over (
            partition by universes.universe, sides.side
            order by
                case sides.side when 'top' then -returns.{{ window }} else returns.{{ window }} end
                nulls last,
                pool.code
        ) as place
    from {{ ref('universes') }} as universes
    inner join {{ ref('int_pool') }} as pool on universes.pool = pool.pool and pool.included
    cross join (values ('top'), ('bottom')) as sides (side)
    left join {{ stock_returns([window]) }} as returns on pool.code = returns.code
    window side as (partition by universes.universe, sides.side)
)
{%- endmacro %}
