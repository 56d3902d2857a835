with windows as (

    select * from {{ ref('int_windows') }}

),

periods as (

    select
        'week' as period,
        week_starts_on as window_start,
        as_of_date as window_end
    from windows
    union all
    select
        'month' as period,
        month_starts_on as window_start,
        as_of_date as window_end
    from windows

),

rounds as (

    select *
    from {{ known_versions(
        ref('funding_rounds'),
        key=['company', 'announced_on', 'round', 'reported_by'],
        where='fact.announced_on <= parameters.as_of_date
            and fact.announced_on >= (select look_back_from from ' ~ ref('int_windows') ~ ')'
    ) }} as known

),

fixings as (

    select * from {{ ref('int_fixings_known') }}

),

-- The same round in two sources: one company, one round name, at most a month apart. The
-- report that names an amount speaks; every reporter is kept.
reports as (

    select
        rounds.*,
        replace(rounds.round, ' ', '') as round_name,
        rounds.announced_on || '|' || rounds.round || '|' || coalesce(rounds.reported_by, '')
            as report_id,
        first_value(rounds.announced_on) over (
            partition by rounds.company, replace(rounds.round, ' ', '')
            order by rounds.announced_on
        ) as first_announced_on
    from rounds

),

merged as (

    select
        company,
        round_name as round,
        first_announced_on,
        cast(floor((announced_on - first_announced_on) / 31) as integer) as months_apart,
        min(announced_on) as announced_on,
        string_agg(distinct reported_by, '、' order by reported_by) as reported_by,
        max_by(
            report_id,
            case when amount_number is not null then 1 else 0 end * 100000
            - (announced_on - first_announced_on)
        ) as speaker
    from reports
    group by company, round_name, first_announced_on, months_apart

),

spoken as (

    select
        merged.company,
        merged.round,
        merged.announced_on,
        merged.reported_by,
        reports.sector,
        reports.amount_text as amount_as_printed,
        reports.amount_qualifier,
        round(
            reports.amount_number
            * case reports.amount_scale when '亿' then 100000000 when '万' then 10000 else 1 end,
            2
        ) as amount,
        reports.currency as amount_currency,
        reports.investors,
        reports.lead_investors,
        reports.source_note
    from merged
    inner join reports
        on
            merged.company = reports.company
            and merged.round = reports.round_name
            and merged.speaker = reports.report_id

),

converted as (

    select
        spoken.*,
        case
            when spoken.amount_currency = 'CNY' then spoken.amount
            else round(spoken.amount * fixing_of_the_day.rate, 2)
        end as amount_cny,
        case
            when spoken.amount_currency <> 'CNY' then fixing_of_the_day.fixing_date
        end as fx_on
    from spoken
    left join fixings as fixing_of_the_day
        on
            spoken.amount_currency = fixing_of_the_day.currency
            and spoken.announced_on >= fixing_of_the_day.fixing_date
            and spoken.announced_on < fixing_of_the_day.next_fixing_date

),

windowed as (

    select
        windows.as_of_date,
        windows.known_at,
        periods.period,
        periods.window_start,
        periods.window_end,
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
        case when converted.amount_cny is not null then cast(
            row_number() over (
                partition by periods.period
                order by converted.amount_cny desc nulls last, converted.company asc
            ) as integer
        ) end as rank_amount,
        converted.amount_cny is not null as is_rankable,
        converted.investors,
        converted.lead_investors,
        converted.reported_by,
        converted.source_note
    from converted
    cross join windows
    inner join periods
        on converted.announced_on between periods.window_start and periods.window_end

)

select * from windowed
order by period, announced_on, company, round
