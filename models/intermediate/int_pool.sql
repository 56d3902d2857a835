-- Every candidate of every pool with the first rule that applies: what let it in or out.
with pools as (

    select * from {{ ref('pools') }}

),

-- The name that the last statements of a company carry, which nobody dated.
statement_names as (

    select
        code,
        {{ value_at_max('name', 'report_period') }} as name
    from {{ known_versions(
        'income_statements',
        where='fact.report_period <= parameters.as_of_date and fact.report_period > '
            ~ months_before('parameters.as_of_date', 15)
    ) }} as known
    where name is not null
    group by code

),

-- An index or a concept holds what its last snapshot on or before the day holds.
constituents as (

    select *
    from {{ known_versions(
        'index_constituents',
        where="fact.as_of_date <= parameters.as_of_date and fact.index_code in ("
            ~ "select pools.selector from " ~ ref('pools') ~ " as pools"
            ~ " where pools.kind = 'index')"
    ) }} as known
    qualify as_of_date = max(as_of_date) over (partition by index_code)

),

concepts as (

    select *
    from {{ known_versions(
        'concept_members',
        where="fact.as_of_date <= parameters.as_of_date and fact.concept_code in ("
            ~ "select boards.concept_code from " ~ ref('concept_members') ~ " as boards"
            ~ " inner join " ~ ref('pools') ~ " as pools on pools.kind = 'concept'"
            ~ " and pools.selector in (boards.concept_code, boards.concept_name))"
    ) }} as known
    qualify as_of_date = max(as_of_date) over (partition by concept_code)

),

-- Companies by what selects them. Two digits of a Shenwan code name level 1, four level 2.
selected as (

    select
        'sw_industry' as kind,
        substring(industries.industry_code, 1, levels.digits) as selector,
        industries.code,
        levels.candidate_rule,
        industries.source_note
    from {{ ref('int_sw_industries') }} as industries
    cross join (
        values (2, 'sw_level1'), (4, 'sw_level2'), (6, 'sw_level3')
    ) as levels (digits, candidate_rule)
    union all
    select
        'index' as kind,
        index_code as selector,
        code,
        'index_member' as candidate_rule,
        source_note
    from constituents
    union all
    select
        'concept' as kind,
        {{ each_of(['concept_code', 'concept_name']) }} as selector,
        code,
        'concept_member' as candidate_rule,
        source_note
    from concepts

),

-- What a pool takes in by name stands behind what selects its members.
candidates as (

    select
        pools.pool,
        selected.code,
        min(selected.candidate_rule) as candidate_rule,
        max(selected.source_note) as source_note
    from pools
    inner join selected on pools.kind = selected.kind and pools.selector = selected.selector
    group by pools.pool, selected.code
    union all
    select
        pools.pool,
        additions.code,
        case pools.kind when 'own_list' then 'own_list' else 'named_addition' end
            as candidate_rule,
        additions.reason as source_note
    from {{ listed_today(
        ref('pool_additions'), ['pool', 'code'], where=is_on_list('listed')
    ) }} as additions
    inner join pools on additions.pool = pools.pool

),

-- A list without days says what names were when it came: it counts from sixty days before.
-- For an earlier day the name that the statements carry is the nearer one; without one nobody
-- knows the name of the day, and a later one does not look ahead.
named as (

    select
        candidates.*,
        parameters.as_of_date,
        parameters.known_at,
        names.name,
        names.listed_on,
        names.delisted_on,
        names.is_name_dated,
        case
            when names.is_name_dated or names.seen_on <= parameters.as_of_date + 60
                then names.name
            else statement_names.name
        end as judged_name,
        {{ is_delisting_name('names.name', 'candidates.code') }}
        and (
            names.is_name_dated
            or {{ days_between(
                'parameters.as_of_date', 'coalesce(names.delisted_on, names.seen_on)'
            ) }} <= 60
        ) as is_delisting
    from candidates
    cross join {{ ref('int_run_parameters') }} as parameters
    left join {{ ref('int_security_names') }} as names on candidates.code = names.code
    left join statement_names on candidates.code = statement_names.code
    qualify
        row_number() over (
            partition by candidates.pool, candidates.code
            order by candidates.candidate_rule in ('own_list', 'named_addition')
        ) = 1

),

-- One rule per candidate, the first that applies.
judged as (

    select
        named.*,
        case
            when pools.excludes_beijing and named.code like '%.BJ' then 'beijing'
            when named.delisted_on <= named.as_of_date then 'delisted'
            when named.listed_on > named.as_of_date and not pools.includes_unlisted
                then 'not_listed'
            when pools.excludes_st and named.is_delisting then 'delisting_period'
            when pools.excludes_st and {{ is_st_name('named.judged_name', 'named.code') }}
                then case when named.is_name_dated then 'st' else 'st_undated_name' end
            else named.candidate_rule
        end as rule
    from named
    inner join pools on named.pool = pools.pool

)

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
inner join {{ ref('pool_rules') }} as rules on judged.rule = rules.rule
