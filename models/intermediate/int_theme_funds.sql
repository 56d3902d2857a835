-- One row per theme and fund: by the words of the fund's name, or because a report names it.
-- A fund that is established later is in no theme yet.
with funds as {{ known_versions('funds') }},

members as (

    select
        themes.theme,
        funds.fund_code,
        cast(null as string) as named_as
    from {{ ref('fund_themes') }} as themes
    inner join funds on contains(funds.fund_name, themes.name_contains)
    union all
    select
        named.theme,
        named.fund_code,
        named.fund_name as named_as
    from {{ ref('fund_theme_members') }} as named
    cross join {{ ref('int_run_parameters') }} as parameters
    where {{ is_on_list('named') }}

)

select
    members.theme,
    members.fund_code,
    coalesce(max(funds.fund_name), max(members.named_as)) as fund_name,
    max(funds.fund_type) as fund_type,
    max(funds.source_note) as source_note
from members
cross join {{ ref('int_run_parameters') }} as parameters
left join funds on members.fund_code = funds.fund_code
where funds.established_on is null or funds.established_on <= parameters.as_of_date
group by members.theme, members.fund_code
