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
            partition by change.old_code, change.changed_on order by next_change.changed_on
        ) = 1

),

codes as (

    select
        code_of_the_day,
        unnest([
            {
                'code': first_code,
                'begun_on': date '0001-01-01',
                'ended_on': second_from,
                'means_until': coalesce(first_reused_from, date '9999-12-31')
            },
            {
                'code': second_code,
                'begun_on': second_from,
                'ended_on': coalesce(third_from, date '9999-12-31'),
                'means_until': coalesce(second_reused_from, date '9999-12-31')
            },
            {
                'code': third_code,
                'begun_on': third_from,
                'ended_on': date '9999-12-31',
                'means_until': date '9999-12-31'
            }
        ]) as told
    from companies

)

select
    codes.told.code,
    codes.code_of_the_day,
    codes.told.ended_on,
    codes.told.means_until,
    coalesce(
        lag(codes.told.means_until) over (
            partition by codes.told.code order by codes.told.begun_on, codes.told.ended_on
        ),
        date '0001-01-01'
    ) as means_from
from codes
where codes.told.code is not null
