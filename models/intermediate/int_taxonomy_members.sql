-- Each taxonomy's members on the day of the report: a row holds from valid_from until the day
-- before valid_to, so that a reclassification leaves earlier days as they were.
select
    members.taxonomy,
    members.sub_industry,
    sub_industries.label_zh,
    sub_industries.label_en,
    sub_industries.sort_order,
    members.code,
    members.valid_from,
    members.valid_to,
    members.reason
from {{ ref('taxonomy_members') }} as members
cross join run_parameters as parameters
inner join {{ ref('taxonomy_sub_industries') }} as sub_industries
    on
        members.taxonomy = sub_industries.taxonomy
        and members.sub_industry = sub_industries.sub_industry
where
    members.valid_from <= parameters.as_of_date
    and (members.valid_to is null or members.valid_to > parameters.as_of_date)
