-- Every company in a pool that has a taxonomy, with its one place in it on the report day, so
-- that a reclassification leaves earlier days as they were. A company without one stands under
-- 未分类, so that sub-industries always add up to their pool.
with listed as (

    select
        members.taxonomy,
        members.code,
        members.sub_industry,
        sub_industries.label_zh,
        sub_industries.label_en,
        sub_industries.sort_order,
        members.valid_from,
        members.reason
    from {{ listed_today(
        ref('taxonomy_members'),
        ['taxonomy', 'code', 'valid_from'],
        where='parameters.as_of_date >= listed.valid_from'
            ~ ' and (listed.valid_to is null or parameters.as_of_date < listed.valid_to)'
    ) }} as members
    left join {{ ref('taxonomy_sub_industries') }} as sub_industries
        on
            members.taxonomy = sub_industries.taxonomy
            and members.sub_industry = sub_industries.sub_industry

),

-- Shenwan's level 2 needs no list of ours: its members stand there by its own list. A level
-- whose name was never imported prints its code.
shenwan as (

    select
        'sw_level2' as taxonomy,
        industries.code,
        coalesce(names.level2, industries.level2_code) as label,
        min(industries.level2_code) over (
            partition by coalesce(names.level2, industries.level2_code)
        ) as first_code,
        industries.effective_from
    from (
        select
            code,
            substring(industry_code, 1, 4) || '00' as level2_code,
            effective_from
        from {{ ref('int_sw_industries') }}
        where substring(industry_code, 3, 2) <> '00'
    ) as industries
    left join {{ known_versions('sw_industry_codes') }} as names
        on industries.level2_code = names.industry_code

),

places as (

    select * from listed
    union all
    select
        taxonomy,
        code,
        label as sub_industry,
        label as label_zh,
        label as label_en,
        cast(first_code as integer) as sort_order,
        effective_from as valid_from,
        '按申万二级' as reason
    from shenwan

)

select
    companies.as_of_date,
    companies.known_at,
    companies.pool,
    pools.taxonomy,
    companies.code,
    companies.name,
    coalesce(places.sub_industry, {{ unmapped_sub_industry() }}) as sub_industry,
    coalesce(places.label_zh, {{ unmapped_sub_industry() }}) as label_zh,
    coalesce(places.label_en, 'Unclassified') as label_en,
    coalesce(places.sort_order, 999) as sort_order,
    places.code is null as is_unmapped,
    places.valid_from,
    places.reason
from {{ ref('int_pool') }} as companies
inner join {{ ref('pools') }} as pools on companies.pool = pools.pool
left join places on pools.taxonomy = places.taxonomy and companies.code = places.code
where companies.included and pools.taxonomy is not null
