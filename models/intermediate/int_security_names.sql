-- The name of each security on the day of the report, and whether that name is dated.
with names as (

    select *
    from {{ known_versions(
        ref('securities'),
        key=['code', 'name_from'],
        where='fact.name_from is null or fact.name_from <= parameters.as_of_date'
    ) }} as known

)

select
    code,
    name,
    coalesce(board, max(board) over (partition by code)) as board,
    -- Dated names come without listing days; those are a fact of the code.
    coalesce(listed_on, max(listed_on) over (partition by code)) as listed_on,
    coalesce(delisted_on, max(delisted_on) over (partition by code)) as delisted_on,
    name_from is not null as is_name_dated
from names
qualify row_number() over (partition by code order by name_from desc nulls last) = 1
