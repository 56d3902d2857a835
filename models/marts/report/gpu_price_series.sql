with prices as (

    select
        quotes.*,
        conditions.condition,
        case conditions.condition
            when 'new' then quotes.price_new else quotes.price_used
        end as price
    from {{ known_versions(
        'gpu_prices',
        where=in_look_back('quoted_on', months_before('parameters.as_of_date', 12))
    ) }} as quotes
    cross join (values ('new'), ('used')) as conditions (condition)

),

-- The base is the first quote of the series within twelve months; a change of currency
-- begins another series.
series as (

    select
        *,
        min(quoted_on) over whole as base_on,
        max(quoted_on) over whole as latest_on,
        first_value(price) over so_far as price_base,
        lag(quoted_on) over so_far as previous_on,
        lag(price) over so_far as price_previous
    from prices
    where price is not null
    window
        whole as (partition by gpu, marketplace, condition, currency),
        so_far as (
            partition by gpu, marketplace, condition, currency order by quoted_on
        )

)

select
    parameters.as_of_date,
    parameters.known_at,
    series.gpu,
    series.marketplace,
    series.condition,
    series.quoted_on,
    series.price,
    series.currency,
    series.base_on,
    series.price_base,
    {{ period_change('series.price', 'series.price_base') }} as change,
    series.previous_on,
    {{ period_change('series.price', 'series.price_previous') }} as change_previous,
    series.quoted_on = series.latest_on as is_latest,
    series.source_note
from series
cross join {{ ref('int_run_parameters') }} as parameters
order by gpu, marketplace, condition, quoted_on
