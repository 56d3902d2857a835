-- The names of each security with the days on which they hold, where those are known.
select
    code,
    name,
    name_from,
    lead(name_from) over (partition by code order by name_from) as next_name_from
from {{ known_versions(
    'securities',
    where='fact.name_from <= parameters.as_of_date'
) }} as known
