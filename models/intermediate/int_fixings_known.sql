-- Yuan per unit of each currency, each fixing with the day before which it holds.
select
    substring(pair, 1, 3) as currency,
    fixing_date,
    rate,
    source_note,
    -- A fixing older than 15 days prices nothing.
    least(
        coalesce(
            lead(fixing_date) over (partition by pair order by fixing_date),
            cast(fixing_date + 15 as date)
        ),
        cast(fixing_date + 15 as date)
    ) as next_fixing_date
from {{ known_versions(
    'fx_fixings',
    where='fact.fixing_date <= parameters.as_of_date'
) }} as known
where pair like '%CNY'
