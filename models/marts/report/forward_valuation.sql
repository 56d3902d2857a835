{%- set years = [0, 1, 2] -%}
with parameters as (

    select
        *,
        cast(year(as_of_date) - 1 as bigint) as first_year
    from {{ ref('int_run_parameters') }}

),

forecasts as {{ known_versions(
    'eps_forecasts',
    where=in_look_back('as_of_date', 'parameters.as_of_date - 190')
) }},

-- One provider and one day speak for a company: years are never mixed.
spoken as (

    select
        forecasts.code,
        forecasts.provider,
        forecasts.as_of_date as forecast_on,
        max(forecasts.currency) as eps_currency,
        {% for year in years %}
            max(forecasts.eps) filter (
                where forecasts.fiscal_year = parameters.first_year + {{ year }}
            ) as eps_y{{ year }},
            max(forecasts.kind) filter (
                where forecasts.fiscal_year = parameters.first_year + {{ year }}
            ) as kind_y{{ year }},
        {% endfor %}
        max(forecasts.institutions) as institutions,
        max(forecasts.source_note) as source_note
    from forecasts
    cross join parameters
    where forecasts.fiscal_year between parameters.first_year and parameters.first_year + 2
    group by forecasts.code, forecasts.provider, forecasts.as_of_date
    qualify
        row_number() over (
            partition by forecasts.code
            order by forecasts.as_of_date desc, forecasts.provider asc
        ) = 1

),

last_ratings as (

    select
        code,
        broker,
        rated_on,
        rating
    from {{ known_versions(
        'ratings',
        where=in_look_back('rated_on', 'parameters.as_of_date - 190')
    ) }} as known
    qualify row_number() over (partition by code order by rated_on desc, broker asc) = 1

),

prices as (

    select
        code,
        session_on,
        {{ market_currency('market') }} as currency,
        close as price,
        close_reason
    from {{ stock_returns(['change_week']) }} as stocks

),

converted as (

    select
        spoken.*,
        prices.currency,
        prices.session_on,
        prices.price,
        prices.close_reason as price_reason,
        {{ exchange_rate(
            'price', "coalesce(spoken.eps_currency, prices.currency)", 'prices.currency'
        ) }} as eps_rate
    from spoken
    left join prices on spoken.code = prices.code
    {{ join_fixings(
        'price', 'spoken.eps_currency', 'prices.currency', 'prices.session_on'
    ) }}

)

select
    parameters.as_of_date,
    parameters.known_at,
    converted.code,
    coalesce(names.name, converted.code) as name,
    converted.currency,
    converted.price,
    converted.price_reason,
    converted.session_on,
    parameters.first_year as fiscal_year,
    {% for year in years %}
        converted.eps_y{{ year }},
        converted.kind_y{{ year }},
    {{ multiple_of(
        'converted.price', '(converted.eps_y' ~ year ~ ' * converted.eps_rate)'
    ) }} as pe_y{{ year }},
    {% endfor %}
    coalesce(converted.eps_currency, converted.currency) as eps_currency,
    round(converted.eps_rate, 8) as eps_rate,
    converted.provider,
    converted.forecast_on,
    converted.institutions,
    last_ratings.rating,
    last_ratings.broker as rating_broker,
    last_ratings.rated_on,
    converted.source_note
from converted
cross join parameters
left join {{ ref('int_security_names') }} as names on converted.code = names.code
left join last_ratings on converted.code = last_ratings.code
order by code
