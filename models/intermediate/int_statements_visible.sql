-- Of each company, period and kind the latest version that could be known. A later version
-- of an old period replaces that period alone, so the latest period never goes back.
-- An adjusted statement restates a period as the comparative of a later filing.
with versions as (

    select
        known.*,
        {{ known_on('known', 'asked') }} as known_on,
        coalesce(known.statement_kind, 'original') as kind
    from {{ known_versions(
        'income_statements',
        where=in_look_back('report_period', months_before('parameters.as_of_date', 72))
    ) }} as known
    cross join {{ ref('int_run_parameters') }} as asked

)

select
    code,
    report_period,
    kind as statement_kind,
    known_on,
    coalesce(currency, 'CNY') as currency,
    -- Cents are exact, so that no order of summation shows.
    cast(revenue_ytd as decimal(24, 2)) as revenue_ytd,
    cast(operating_revenue_ytd as decimal(24, 2)) as operating_revenue_ytd,
    cast(net_profit_ytd as decimal(24, 2)) as net_profit_ytd,
    cast(net_profit_attributable_ytd as decimal(24, 2)) as net_profit_attributable_ytd,
    cast(net_profit_deducted_ytd as decimal(24, 2)) as net_profit_deducted_ytd,
    source_note
from versions
qualify
    row_number() over (
        partition by code, report_period, kind
        order by available_on desc, announced_on desc nulls last, first_seen_at desc
    ) = 1
