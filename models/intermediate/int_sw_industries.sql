-- The Shenwan industry of each company on the report day.
select
    code,
    max_by(industry_code, effective_from) as industry_code,
    max(effective_from) as effective_from,
    max_by(source_note, effective_from) as source_note
from {{ known_versions(
    'sw_industry_membership',
    where='fact.effective_from <= parameters.as_of_date'
) }} as known
group by code
