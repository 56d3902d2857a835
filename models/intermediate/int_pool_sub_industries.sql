-- Every company in a pool that has a taxonomy, with its one place in it on the report day, so
-- that a reclassification leaves earlier days as they were. A company without one stands under
-- 未分类, so that sub-industries always add up to their pool.
select
    companies.as_of_date,
    companies.known_at,
    companies.pool,
    pools.taxonomy,
    companies.code,
    companies.name,
    coalesce(members.sub_industry, {{ unmapped_sub_industry() }}) as sub_industry,
    coalesce(sub_industries.label_zh, {{ unmapped_sub_industry() }}) as label_zh,
    coalesce(sub_industries.label_en, 'Unclassified') as label_en,
    coalesce(sub_industries.sort_order, 999) as sort_order,
    members.code is null as is_unmapped,
    members.valid_from,
    members.reason
from {{ ref('int_pool') }} as companies
inner join {{ ref('pools') }} as pools on companies.pool = pools.pool
left join {{ listed_today(
    ref('taxonomy_members'), ['taxonomy', 'code', 'valid_from']
) }} as members
    on
        pools.taxonomy = members.taxonomy
        and companies.code = members.code
        and companies.as_of_date >= members.valid_from
        and (members.valid_to is null or companies.as_of_date < members.valid_to)
left join {{ ref('taxonomy_sub_industries') }} as sub_industries
    on
        members.taxonomy = sub_industries.taxonomy
        and members.sub_industry = sub_industries.sub_industry
where companies.included and pools.taxonomy is not null
