-- Every candidate of every pool with the first rule that applies: what let it in or out.
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

variants as (

    select * from {{ ref('pool_variants') }}

),

-- The name that the last statements of a company carry, which nobody dated either.
statement_names as (

    select
        code,
        max_by(name, report_period) as name
    from {{ known_versions(
        ref('income_statements'),
        key=['code', 'report_period', 'announced_on'],
        where='fact.report_period <= parameters.as_of_date and fact.report_period > '
            ~ months_before('parameters.as_of_date', 15)
    ) }} as known
    where name is not null
    group by code

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

-- An index or a concept holds what its last snapshot on or before the day holds.
constituents as (

    select *
    from {{ known_versions(
        ref('index_constituents'),
        key=['index_code', 'code', 'as_of_date'],
        where="fact.as_of_date <= parameters.as_of_date and fact.index_code in ("
            ~ "select pools.selector from " ~ ref('pools') ~ " as pools"
            ~ " where pools.kind = 'index')"
    ) }} as known
    qualify as_of_date = max(as_of_date) over (partition by index_code)

),

concepts as (

    select *
    from {{ known_versions(
        ref('concept_members'),
        key=['concept_code', 'code', 'as_of_date'],
        where="fact.as_of_date <= parameters.as_of_date and fact.concept_code in ("
            ~ "select boards.concept_code from " ~ ref('concept_members') ~ " as boards"
            ~ " inner join " ~ ref('pools') ~ " as pools on pools.kind = 'concept'"
            ~ " and pools.selector in (boards.concept_code, boards.concept_name))"
    ) }} as known
    qualify as_of_date = max(as_of_date) over (partition by concept_code)

),

members as (

    select
        pools.pool,
        industries.code,
        -- Two digits of a Shenwan code name level 1, four level 2, six level 3.
        case length(pools.selector)
            when 2 then 'sw_level1' when 4 then 'sw_level2' else 'sw_level3'
        end as rule,
        industries.source_note
    from pools
    inner join industries
        on
            pools.kind = 'sw_industry'
            and substring(industries.industry_code, 1, length(pools.selector)) = pools.selector
    union all
    select
        pools.pool,
        constituents.code,
        'index_member' as rule,
        constituents.source_note
    from pools
    inner join constituents
        on pools.kind = 'index' and pools.selector = constituents.index_code
    union all
    select
        pools.pool,
        concepts.code,
        'concept_member' as rule,
        max(concepts.source_note) as source_note
    from pools
    inner join concepts
        on
            pools.kind = 'concept'
            and pools.selector in (concepts.concept_code, concepts.concept_name)
    group by pools.pool, concepts.code

),

candidates as (

    select * from members
    union all
    select
        additions.pool,
        additions.code,
        case pools.kind when 'own_list' then 'own_list' else 'named_addition' end as rule,
        additions.reason as source_note
    from additions
    inner join pools on additions.pool = pools.pool
    left join members on additions.pool = members.pool and additions.code = members.code
    where members.code is null

),

-- Where no source dates a name, the only one there is: of the list or of the statements.
undated as (

    select
        candidates.pool,
        candidates.code,
        case variants.undated_names
            when 'statements' then statement_names.name else names.name
        end as name
    from candidates
    left join variants on candidates.pool = variants.pool
    left join names on candidates.code = names.code
    left join statement_names on candidates.code = statement_names.code

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
            when
                names.listed_on > parameters.as_of_date
                and not coalesce(variants.includes_unlisted, false)
                then 'not_listed'
            when not pools.excludes_st then candidates.rule
            when names.is_name_dated
                then
                    case
                        when {{ is_st_name('names.name', 'candidates.code') }} then 'st'
                        else candidates.rule
                    end
            when {{ is_st_name('undated.name', 'candidates.code') }}
                then 'st_undated_name'
            else candidates.rule
        end as rule,
        candidates.source_note
    from candidates
    cross join parameters
    inner join pools on candidates.pool = pools.pool
    left join variants on candidates.pool = variants.pool
    left join names on candidates.code = names.code
    left join undated on candidates.pool = undated.pool and candidates.code = undated.code

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
inner join rules on judged.rule = rules.rule
