-- Codes in the files of pools and taxonomies that no source has ever named.
--
-- Shenwan's membership keeps companies that are long gone, so it is the measure: an exchange
-- is judged where it names more than half of the codes that the files hold of it. A store
-- without it, such as that of the sample, cannot say. Codes that begin with 99 are the
-- sample's made-up ones and may stand unknown in the store of a real market.
{{ config(tags=['full_history']) }}

with entries as (

    select
        'taxonomy_members.csv' as file,
        taxonomy as belongs_to,
        code,
        reason
    from {{ ref('taxonomy_members') }}
    union all
    select
        'pool_additions.csv' as file,
        pool as belongs_to,
        code,
        reason
    from {{ ref('pool_additions') }}

),

membership as (

    select distinct code from {{ ref('sw_industry_membership') }}

),

named as (

    select code from membership
    union
    select code from {{ ref('securities') }}

),

listed as (

    select code from named
    union
    select unnest([old_code, new_code]) as code
    from {{ ref('known_code_changes') }}
    where old_code in (select code from named) or new_code in (select code from named)

),

codes as (

    select distinct
        code,
        split_part(code, '.', 2) as exchange,
        substring(code, 1, 2) = '99' as is_made_up
    from entries

),

judged as (

    select
        codes.exchange,
        codes.is_made_up
    from codes
    left join membership on codes.code = membership.code
    group by codes.exchange, codes.is_made_up
    having count(membership.code) > count(*) / 2.0

)

select
    entries.file,
    entries.belongs_to,
    entries.code,
    entries.reason
from entries
inner join codes on entries.code = codes.code
left join judged on codes.exchange = judged.exchange and codes.is_made_up = judged.is_made_up
left join listed on entries.code = listed.code
where
    listed.code is null
    and (
        judged.exchange is not null
        or (codes.is_made_up and not starts_with(entries.reason, '样例'))
    )
order by entries.file, entries.belongs_to, entries.code
