-- Each taxonomy's members on the day of the report: a row holds from valid_from until the day
-- before valid_to, so that a reclassification leaves earlier days as they were.
with parameters as (

    select * from run_parameters

),

members as (

    select * from {{ ref('taxonomy_members') }}

),

sub_industries as (

    select * from {{ ref('taxonomy_sub_industries') }}

)

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
from members
cross join parameters
inner join sub_industries
    on
        members.taxonomy = sub_industries.taxonomy
        and members.sub_industry = sub_industries.sub_industry
where
    members.valid_from <= parameters.as_of_date
    and (members.valid_to is null or members.valid_to > parameters.as_of_date)
