-- One wide row per day arrives; a country's holiday leaves empty cells, which are no rows.
{% set series = [
    ('CN', '2Y', '中国国债收益率2年'),
    ('CN', '5Y', '中国国债收益率5年'),
    ('CN', '10Y', '中国国债收益率10年'),
    ('CN', '30Y', '中国国债收益率30年'),
    ('US', '2Y', '美国国债收益率2年'),
    ('US', '5Y', '美国国债收益率5年'),
    ('US', '10Y', '美国国债收益率10年'),
    ('US', '30Y', '美国国债收益率30年'),
] %}
{% for country, tenor, column in series %}
    select
        '{{ country }}' as country,
        '{{ tenor }}' as tenor,
        cast(日期 as date) as date,
        cast("{{ column }}" as double) as yield_pct,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from {{ source('eastmoney_rates', 'government_yields') }}
    where "{{ column }}" is not null
    {% if not loop.last %}union all{% endif %}
{% endfor %}
