-- Every code that a company had, has or will have, with the one that it has on the report day.
-- A row is the company's where it was told from means_from on and before means_until: another
-- company may have had the code before, or have it since. From ended_on on, the company itself
-- has a later code. Two changes of one company are followed.
with changes as (

    select
        old_code,
        new_code,
        changed_on,
        reused_from
    from {{ ref('known_code_changes') }}
    union
    select
        old_code,
        new_code,
        changed_on,
        reused_from
    from {{ ref('code_changes') }}
    qualify row_number() over (partition by old_code, changed_on order by version desc) = 1

),

companies as (

    select
        change.old_code as first_code,
        change.new_code as second_code,
        next_change.new_code as third_code,
        change.changed_on as second_from,
        next_change.changed_on as third_from,
        change.reused_from as first_reused_from,
        next_change.reused_from as second_reused_from,
        case
            when parameters.as_of_date >= next_change.changed_on then next_change.new_code
            when parameters.as_of_date >= change.changed_on then change.new_code
            else change.old_code
        end as code_of_the_day
    from changes as change
    cross join {{ ref('int_run_parameters') }} as parameters
    left join changes as next_change
        on change.new_code = next_change.old_code and change.changed_on < next_change.changed_on
    left join changes as previous
        on change.old_code = previous.new_code and change.changed_on > previous.changed_on
    where previous.new_code is null
    qualify
        row_number() over (
            partition by change.old_code, change.changed_on
            order by next_change.changed_on nulls last
        ) = 1

),

codes as (

    select
        code_of_the_day,
        first_code as code,
        date '0001-01-01' as begun_on,
        second_from as ended_on,
        coalesce(first_reused_from, date '9999-12-31') as means_until
    from companies
    union all
    select
        code_of_the_day,
        second_code as code,
        second_from as begun_on,
        coalesce(third_from, date '9999-12-31') as ended_on,
        coalesce(second_reused_from, date '9999-12-31') as means_until
    from companies
    union all
    select
        code_of_the_day,
        third_code as code,
        third_from as begun_on,
        date '9999-12-31' as ended_on,
        date '9999-12-31' as means_until
    from companies
    where third_code is not null

)

select
    code,
    code_of_the_day,
    ended_on,
    means_until,
    coalesce(
        lag(means_until) over (partition by code order by begun_on, ended_on),
        date '0001-01-01'
    ) as means_from
from codes
