-- A reply holds four fiscal years, each a column named after its year; a year before the
-- day of the forecast may be an actual or an estimate, and the source does not say.
{% set years = range(2019, 2036) %}
with source as (

    select * from {{ source('eastmoney_research', 'eps_forecasts') }}

),

forecasts as (

    {% for year in years %}
        select
            代码 as number,
            {{ year }} as fiscal_year,
            cast({{ call_argument('day') }} as date) as as_of_date,
            cast("{{ year }}预测每股收益" as double) as eps,
            _load_id,
            _landed_at,
            _row
        from source
        where "{{ year }}预测每股收益" is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

renamed as (

    select
        {{ a_share_code('number') }} as code,
        cast(fiscal_year as bigint) as fiscal_year,
        as_of_date,
        'eastmoney' as provider,
        eps,
        case when fiscal_year >= year(as_of_date) then 'E' end as kind,
        'CNY' as currency,
        cast(null as bigint) as institutions,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from forecasts

)

select * from renamed
