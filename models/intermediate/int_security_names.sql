-- The name of each security on the day of the report, and whether that name is dated: by its
-- source, or by the first of our own lists that showed it.
with known as (

    select
        fact.*,
        case
            when fact.name_from is not null then fact.name_from
            when
                fact.version > 1
                and fact.available_on > coalesce(fact.listed_on, date '1990-12-01')
                then fact.available_on
        end as dated_from
    from {{ ref('securities') }} as fact
    cross join run_parameters as parameters
    where
        {{ is_known('fact', 'parameters') }}
        and (fact.name_from is null or fact.name_from <= parameters.as_of_date)
        and (
            fact.name_from is not null
            or fact.version = 1
            or fact.available_on is null
            or fact.available_on <= parameters.as_of_date
        )

),

last_told as (

    select * from known
    qualify row_number() over (partition by code, name_from order by version desc) = 1

)

select
    code,
    name,
    coalesce(board, max(board) over (partition by code)) as board,
    -- Dated names come without listing days; those are a fact of the code.
    coalesce(listed_on, max(listed_on) over (partition by code)) as listed_on,
    coalesce(delisted_on, max(delisted_on) over (partition by code)) as delisted_on,
    dated_from is not null as is_name_dated
from last_told
qualify row_number() over (partition by code order by dated_from desc nulls last) = 1
