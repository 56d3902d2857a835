{#- What both tables of peers say first of a company: its place in the list and its price. -#}
{% macro peer_and_price() -%}
    parameters.as_of_date,
    parameters.known_at,
    peers.peer_list,
    peers.label_zh as list_label,
    peers.list_order,
    peers.code,
    coalesce(peers.company, names.name, peers.code) as name,
    {{ market_currency(security_market('peers.code')) }} as currency,
    returns.session_on,
    returns.close,
    returns.close_adjusted,
    returns.close_reason
{%- endmacro %}

{#-
    What both say last: the cap, the four named multiples (PE and PS, TTM and LYR) over figures
    converted at the fixing of their own period end, and the changes.
-#}
{% macro multiples_and_changes() -%}
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
        ~ exchange_rate('lyr', 'figures.currency', 'caps.currency') ~ ')') }} as ps_lyr,
    {{ with_its_basis('returns', 'change_month') }},
    {{ with_its_basis('returns', 'change_ytd') }},
    {{ row_basis('returns', ['change_month', 'change_ytd']) }} as price_basis,
    coalesce(returns.source_note, peers.reason) as source_note
{%- endmacro %}

{#-
    The listed companies with everything that is known of each; ``figures`` and ``bases`` are
    relations of the mart.
-#}
{% macro from_peers() -%}
    from {{ listed_today(
        ref('peer_lists'), ['peer_list', 'code'], where=is_on_list('listed')
    ) }} as peers
    cross join {{ ref('int_run_parameters') }} as parameters
    left join {{ ref('int_security_names') }} as names on peers.code = names.code
    left join {{ stock_returns(
        ['change_month', 'change_ytd'],
        where='fact.code in ' ~ codes_of_companies(ref('peer_lists'))
    ) }} as returns on peers.code = returns.code
    left join {{ ref('int_latest_caps') }} as caps on peers.code = caps.code and caps.is_printed
    left join figures on peers.code = figures.code
    left join bases on peers.code = bases.code
    {{ join_fixings('ttm', 'figures.currency', 'caps.currency', 'figures.latest_period') }}
    {{ join_fixings('lyr', 'figures.currency', 'caps.currency', 'figures.lyr_period') }}
{%- endmacro %}
