-- The Shenwan industry of each company on the report day.
select
    code,
    {{ value_at_max('industry_code', 'effective_from') }} as industry_code,
    max(effective_from) as effective_from,
    {{ value_at_max('source_note', 'effective_from') }} as source_note
from {{ known_versions(
    'sw_industry_membership',
    where='fact.effective_from <= parameters.as_of_date'
) }} as known
group by code
