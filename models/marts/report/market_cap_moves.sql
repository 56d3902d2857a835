with windows as (

    select * from {{ ref('int_windows') }}

),

caps as (

    select *
    from {{ known_versions(
        ref('market_caps'),
        key=['code', 'trade_date', 'cap_basis'],
        where='fact.trade_date <= parameters.as_of_date
            and fact.trade_date >= (select look_back_from from ' ~ ref('int_windows') ~ ')'
    ) }} as known

),

fixings as (

    select * from {{ ref('int_fixings_known') }}

),

latest as (

    select
        code,
        cap_basis,
        max(trade_date) as cap_on
    from caps
    group by code, cap_basis

),

-- The base is the last cap before the week in which the latest cap falls.
moves as (

    select
        caps.code,
        caps.cap_basis,
        latest.cap_on,
        max_by(caps.company, caps.trade_date) as company,
        max_by(caps.currency, caps.trade_date) as currency,
        max_by(caps.source_note, caps.trade_date) as source_note,
        max_by(caps.market_cap, caps.trade_date) as market_cap,
        max(caps.trade_date)
        filter (where caps.trade_date < {{ week_start('latest.cap_on') }}) as base_on,
        max_by(caps.market_cap, caps.trade_date)
        filter (where caps.trade_date < {{ week_start('latest.cap_on') }})
            as market_cap_base
    from caps
    inner join latest
        on caps.code = latest.code and caps.cap_basis = latest.cap_basis
    group by caps.code, caps.cap_basis, latest.cap_on

),

-- A total adds up companies of the same two dates, currency and basis only.
totals as (

    select
        base_on,
        cap_on,
        currency,
        cap_basis,
        round(sum(market_cap_base), 2) as market_cap_base,
        round(sum(market_cap), 2) as market_cap,
        case when count(distinct source_note) = 1 then max(source_note) end as source_note
    from moves
    where base_on is not null
    group by base_on, cap_on, currency, cap_basis
    having count(*) > 1

),

rows_and_totals as (

    select
        base_on,
        cap_on,
        company,
        code,
        currency,
        cap_basis,
        market_cap_base,
        market_cap,
        false as is_total,
        source_note
    from moves
    union all
    select
        base_on,
        cap_on,
        '总计' as company,
        cast(null as varchar) as code,
        currency,
        cap_basis,
        market_cap_base,
        market_cap,
        true as is_total,
        source_note
    from totals

),

changes as (

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
    from rows_and_totals as listed
    cross join windows
    left join fixings as fixing_of_the_day
        on
            listed.currency = fixing_of_the_day.currency
            and listed.cap_on >= fixing_of_the_day.fixing_date
            and listed.cap_on < fixing_of_the_day.next_fixing_date

)

select * from changes
order by cap_on, currency, cap_basis, is_total, code, base_on
