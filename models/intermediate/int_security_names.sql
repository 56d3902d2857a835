-- The name of each security on the day of the report, and whether that name is dated: by its
-- source, or by the first of our own lists that showed it.
with known as (

    select
        fact.*,
        coalesce(codes.code_of_the_day, fact.code) as code_of_the_day,
        case
            when fact.name_from is not null then fact.name_from
            when
                fact.version > 1
                and fact.available_on > coalesce(fact.listed_on, date '1990-12-01')
                then fact.available_on
        end as dated_from,
        -- A list that drops an old code calls that a delisting.
        case
            when coalesce(codes.ended_on > parameters.as_of_date, true) then fact.delisted_on
        end as off_the_list_on
    from {{ ref('securities') }} as fact
    cross join {{ ref('int_run_parameters') }} as parameters
    left join {{ ref('int_codes_of_the_day') }} as codes
        on {{ is_told_by('fact', 'codes') }}
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

-- Dated names come without listing days; those are a fact of the company, the first of its
-- codes.
select
    code_of_the_day as code,
    name,
    coalesce(board, max(board) over of_company) as board,
    min(listed_on) over of_company as listed_on,
    coalesce(off_the_list_on, max(off_the_list_on) over of_company) as delisted_on,
    dated_from is not null as is_name_dated,
    {{ beijing_date('first_seen_at') }} as seen_on
from last_told
window of_company as (partition by code_of_the_day)
-- Of undated names that of the code of the day: a later code's list came with a later name.
qualify
    row_number() over (
        partition by code_of_the_day
        order by dated_from desc nulls last, code = code_of_the_day desc
    ) = 1
