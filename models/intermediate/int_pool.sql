-- Every candidate of every pool with the first rule that applies: what let it in or out.
with pools as (

    select * from {{ ref('pools') }}

),

-- The name that the last statements of a company carry, which nobody dated either.
statement_names as (

    select
        code,
        max_by(name, report_period) as name
    from {{ known_versions(
        'income_statements',
        where='fact.report_period <= parameters.as_of_date and fact.report_period > '
            ~ months_before('parameters.as_of_date', 15)
    ) }} as known
    where name is not null
    group by code

),

industries as (

    select
        code,
        max_by(industry_code, effective_from) as industry_code,
        max_by(source_note, effective_from) as source_note
    from {{ known_versions(
        'sw_industry_membership',
        where='fact.effective_from <= parameters.as_of_date'
    ) }} as known
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

members as (

    select
        pools.pool,
        industries.code,
        -- Two digits of a Shenwan code name level 1, four level 2, six level 3.
        case length(pools.selector)
            when 2 then 'sw_level1' when 4 then 'sw_level2' else 'sw_level3'
        end as candidate_rule,
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
        'index_member' as candidate_rule,
        constituents.source_note
    from pools
    inner join constituents
        on pools.kind = 'index' and pools.selector = constituents.index_code
    union all
    select
        pools.pool,
        concepts.code,
        'concept_member' as candidate_rule,
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
        case pools.kind when 'own_list' then 'own_list' else 'named_addition' end
            as candidate_rule,
        additions.reason as source_note
    from {{ ref('pool_additions') }} as additions
    cross join run_parameters as parameters
    inner join pools on additions.pool = pools.pool
    left join members on additions.pool = members.pool and additions.code = members.code
    where members.code is null and {{ is_on_list('additions') }}

),

-- Where no source dates a name, the only one there is: of the list or of the statements.
named as (

    select
        candidates.*,
        names.name,
        names.listed_on,
        names.delisted_on,
        names.is_name_dated,
        variants.includes_unlisted,
        case
            when variants.undated_names = 'statements' and names.is_name_dated is not true
                then statement_names.name
            else names.name
        end as judged_name
    from candidates
    left join {{ ref('pool_variants') }} as variants on candidates.pool = variants.pool
    left join {{ ref('int_security_names') }} as names on candidates.code = names.code
    left join statement_names on candidates.code = statement_names.code

),

-- One rule per candidate, the first that applies.
judged as (

    select
        parameters.as_of_date,
        parameters.known_at,
        named.*,
        case
            when pools.excludes_beijing and named.code like '%.BJ' then 'beijing'
            when named.delisted_on <= parameters.as_of_date then 'delisted'
            when
                named.listed_on > parameters.as_of_date
                and not coalesce(named.includes_unlisted, false)
                then 'not_listed'
            when pools.excludes_st and {{ is_st_name('named.judged_name', 'named.code') }}
                then case when named.is_name_dated then 'st' else 'st_undated_name' end
            else named.candidate_rule
        end as rule
    from named
    cross join run_parameters as parameters
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
