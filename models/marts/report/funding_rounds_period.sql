with rounds as (

    select
        *,
        {{ round_key('round') }} as round_key
    from {{ known_versions('funding_rounds', where=in_look_back('announced_on')) }} as known

),

-- The same round in two sources: one company, one round, each report at most a month after
-- the one before.
neighbours as (

    select
        *,
        case
            when
                announced_on <= lag(announced_on) over (
                    partition by company_id, round_key order by announced_on
                ) + 31
                then 0
            else 1
        end as is_another
    from rounds

),

-- The earliest report that names an amount speaks for the round.
reports as (

    select
        *,
        sum(is_another) over (
            partition by company_id, round_key
            order by announced_on
            range between unbounded preceding and current row
        ) as occasion,
        row_number() over (
            partition by company_id, round_key
            order by
                amount_number is not null,
                announced_on desc,
                reported_by desc,
                round desc
        ) as voice,
        round(
            amount_number * {{ scale_times('amount_scale') }}, 2
        ) as amount,
        announced_on between printed_from and printed_to as is_within_print
    from neighbours

),

merged as (

    select
        company_id,
        round_key,
        {{ value_at_max('company', 'voice') }} as company,
        {{ value_at_max("replace(round, ' ', '')", 'voice') }} as round,
        min(announced_on) as announced_on,
        count(*) as reports,
        {{ distinct_texts('reported_by', '、') }} as reported_by,
        {{ value_at_max('sector', 'voice') }} filter (where sector is not null) as sector,
        {{ value_at_max('amount_text', 'voice') }} as amount_as_printed,
        {{ joined_texts(
            "coalesce(reported_by || '：', '') || amount_text",
            '；',
            ['announced_on', 'reported_by', 'round']
        ) }} as amounts_as_printed,
        count(distinct concat_ws('|', amount_qualifier, amount, currency))
        filter (where amount is not null or amount_qualifier is not null) > 1
            as is_amount_disputed,
        {{ value_at_max('amount_qualifier', 'voice') }} as amount_qualifier,
        {{ value_at_max('amount', 'voice') }} as amount,
        {{ value_at_max('currency', 'voice') }} as amount_currency,
        {{ value_at_max('investors', 'voice') }}
        filter (where investors is not null) as investors,
        {{ value_at_max('lead_investors', 'voice') }}
        filter (where lead_investors is not null) as lead_investors,
        case
            when bool_or(not is_within_print) then 'outside_printed_period'
            when bool_or(is_within_print) then 'within'
        end as print_check,
        {{ joined_texts(
            "case when not is_within_print then concat_ws('', reported_by || '：', '表列期间 ', "
            ~ "printed_from, ' 至 ', printed_to, '，日期 ', announced_on) end",
            '；',
            ['announced_on', 'reported_by', 'round']
        ) }} as print_note,
        {{ distinct_texts('source_note', '；') }} as source_note
    from reports
    group by company_id, round_key, occasion

),

converted as (

    select
        merged.*,
        case
            when merged.amount_currency = 'CNY' then merged.amount
            else round(merged.amount * fixing_of_the_day.rate, 2)
        end as amount_cny,
        case
            when merged.amount_currency <> 'CNY' then fixing_of_the_day.fixing_date
        end as fx_on,
        case
            when merged.amount_currency <> 'CNY' then fixing_of_the_day.source_note
        end as fx_note,
        case
            when merged.amount is null then 'no_number'
            when merged.amount_currency is null then 'no_currency'
            when merged.amount_currency <> 'CNY' and fixing_of_the_day.rate is null
                then 'no_fixing'
        end as unrankable_reason
    from merged
    left join {{ ref('int_fixings_known') }} as fixing_of_the_day
        on
            merged.amount_currency = fixing_of_the_day.currency
            and merged.announced_on >= fixing_of_the_day.fixing_date
            and merged.announced_on < fixing_of_the_day.next_fixing_date

)

select
    periods.*,
    converted.company_id,
    converted.company,
    converted.sector,
    converted.announced_on,
    converted.round,
    converted.amount_as_printed,
    converted.amount_qualifier,
    converted.amount,
    converted.amount_currency,
    converted.amount_cny,
    converted.fx_on,
    case when converted.unrankable_reason is null then cast(
        row_number() over (
            partition by periods.period
            order by converted.amount_cny desc nulls last, converted.company asc
        ) as integer
    ) end as rank_amount,
    converted.unrankable_reason is null as is_rankable,
    converted.unrankable_reason,
    converted.investors,
    converted.lead_investors,
    cast(converted.reports as integer) as reports,
    converted.reported_by,
    converted.amounts_as_printed,
    converted.is_amount_disputed,
    converted.print_check,
    converted.print_note,
    concat_ws('；', converted.source_note, '汇率：' || converted.fx_note) as source_note
from converted
inner join {{ ref('int_report_periods') }} as periods
    on converted.announced_on between periods.window_start and periods.window_end
order by period, announced_on, company, round
