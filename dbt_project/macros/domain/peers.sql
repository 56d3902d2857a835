{#-
    What both tables of peers say of a company's price: its cap, and the four named multiples
    (PE and PS, TTM and LYR) over figures converted at the fixing of their own period end.
    Reads ``caps``, ``figures`` and the fixings that ``from_peers`` joins.
-#}
{% macro cap_and_multiples() -%}
    round(caps.market_cap, 2) as market_cap,
    caps.cap_basis,
    caps.cap_on,
    figures.currency as reporting_currency,
    figures.latest_period as ttm_period,
    {{ multiple_of('caps.market_cap', '(figures.ttm_net_profit_attributable * '
        ~ exchange_rate('ttm', 'figures.currency', 'caps.currency') ~ ')') }} as pe_ttm,
    {{ multiple_of('caps.market_cap', '(figures.ttm_revenue * '
        ~ exchange_rate('ttm', 'figures.currency', 'caps.currency') ~ ')') }} as ps_ttm,
    figures.ttm_missing_reason,
    figures.lyr_period,
    {{ multiple_of('caps.market_cap', '(figures.lyr_net_profit_attributable * '
        ~ exchange_rate('lyr', 'figures.currency', 'caps.currency') ~ ')') }} as pe_lyr,
    {{ multiple_of('caps.market_cap', '(figures.lyr_revenue * '
        ~ exchange_rate('lyr', 'figures.currency', 'caps.currency') ~ ')') }} as ps_lyr
{%- endmacro %}

{#-
    The listed companies with everything that is known of each. Needs the relations ``peers``,
    ``parameters``, ``names``, ``returns``, ``caps``, ``figures``, ``bases`` and ``fixings``.
-#}
{% macro from_peers() -%}
    from peers
    cross join parameters
    left join names on peers.code = names.code
    left join returns on peers.code = returns.code
    left join caps on peers.code = caps.code and caps.is_printed
    left join figures on peers.code = figures.code
    left join bases on peers.code = bases.code
    {{ join_fixings('ttm', 'figures.currency', 'caps.currency', 'figures.latest_period') }}
    {{ join_fixings('lyr', 'figures.currency', 'caps.currency', 'figures.lyr_period') }}
{%- endmacro %}
