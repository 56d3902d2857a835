-- Every candidate of every company pool on the day of the report, with its rule.
with parameters as (

    select * from run_parameters

),

pools as (

    select * from {{ ref('pools') }}

),

additions as (

    select * from {{ ref('pool_additions') }}

),

rules as (

    select * from {{ ref('pool_rules') }}

),

names as (

    select * from {{ ref('int_security_names') }}

),

membership as (

    select *
    from {{ known_versions(
        ref('sw_industry_membership'),
        key=['code', 'effective_from'],
        where='fact.effective_from <= parameters.as_of_date'
    ) }} as known

),

industries as (

    select
        code,
        max_by(industry_code, effective_from) as industry_code,
        max_by(source_note, effective_from) as source_note
    from membership
    group by code

),

candidates as (

    select
        pools.pool,
        industries.code,
        false as is_addition,
        industries.source_note
    from pools
    inner join industries on substring(industries.industry_code, 1, 2) = pools.sw_level1
    union all
    select
        additions.pool,
        additions.code,
        true as is_addition,
        additions.reason as source_note
    from additions
    left join industries on additions.code = industries.code
    left join pools on additions.pool = pools.pool
    where substring(coalesce(industries.industry_code, ''), 1, 2) <> pools.sw_level1

),

-- One rule per candidate, the first that applies.
judged as (

    select
        parameters.as_of_date,
        parameters.known_at,
        candidates.pool,
        candidates.code,
        names.name,
        case
            when pools.excludes_beijing and candidates.code like '%.BJ' then 'beijing'
            when names.delisted_on <= parameters.as_of_date then 'delisted'
            when names.listed_on > parameters.as_of_date then 'not_listed'
            when pools.excludes_st and contains(upper(names.name), 'ST')
                then case when names.is_name_dated then 'st' else 'st_undated_name' end
            when candidates.is_addition then 'named_addition'
            else 'sw_level1'
        end as rule,
        candidates.source_note
    from candidates
    cross join parameters
    inner join pools on candidates.pool = pools.pool
    left join names on candidates.code = names.code

),

ruled as (

    select
        judged.as_of_date,
        judged.known_at,
        judged.pool,
        judged.code,
        judged.name,
        rules.included,
        judged.rule,
        judged.source_note
    from judged
    inner join rules on judged.rule = rules.rule

)

select * from ruled
