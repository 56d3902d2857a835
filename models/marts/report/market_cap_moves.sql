-- The base is the last cap before the week in which the latest cap falls.
{%- set before_the_week -%}
    filter (where trade_date < {{ week_start('cap_on') }})
{%- endset %}
with moves as (

    select
        max(trade_date) {{ before_the_week }} as base_on,
        cap_on,
        {{ value_at_max('company', 'trade_date') }} as company,
        code,
        {{ value_at_max('currency', 'trade_date') }} as currency,
        cap_basis,
        {{ value_at_max('market_cap', 'trade_date') }} {{ before_the_week }} as market_cap_base,
        {{ value_at_max('market_cap', 'trade_date') }} as market_cap,
        false as is_total,
        {{ value_at_max('source_note', 'trade_date') }} as source_note
    from (
        select
            *,
            max(trade_date) over (partition by code, cap_basis) as cap_on
        from {{ known_versions('market_caps', where=in_look_back('trade_date')) }} as known
    ) as caps
    group by code, cap_basis, cap_on

),

-- A total adds up companies of the same two dates, currency and basis only.
totals as (

    select
        base_on,
        cap_on,
        '总计' as company,
        cast(null as string) as code,
        currency,
        cap_basis,
        round(sum(market_cap_base), 2) as market_cap_base,
        round(sum(market_cap), 2) as market_cap,
        true as is_total,
        case when count(distinct source_note) = 1 then max(source_note) end as source_note
    from moves
    where base_on is not null
    group by base_on, cap_on, currency, cap_basis
    having count(*) > 1

),

listed as (

    select * from moves
    union all
    select * from totals

)

select
    windows.as_of_date,
    windows.known_at,
    listed.base_on,
    listed.cap_on,
    listed.company,
    listed.code,
    listed.currency,
    listed.cap_basis,
    listed.market_cap_base,
    listed.market_cap,
    round(listed.market_cap - listed.market_cap_base, 2) as change,
    {{ period_change('listed.market_cap', 'listed.market_cap_base') }} as change_ratio,
    round(
        (listed.market_cap - listed.market_cap_base)
        * case
            when listed.currency = 'CNY' then 1
            else fixing_of_the_day.rate
        end, 2
    ) as change_cny,
    listed.is_total,
    listed.cap_on < windows.week_starts_on as is_stale,
    listed.source_note
from listed
cross join {{ ref('int_windows') }} as windows
left join {{ ref('int_fixings_known') }} as fixing_of_the_day
    on
        listed.currency = fixing_of_the_day.currency
        and listed.cap_on >= fixing_of_the_day.fixing_date
        and listed.cap_on < fixing_of_the_day.next_fixing_date
order by cap_on, currency, cap_basis, is_total, code, base_on
