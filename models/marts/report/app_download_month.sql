with parameters as (

    select
        as_of_date,
        known_at,
        {{ months_before(month_start('as_of_date'), 13) }} as looked_back_from
    from run_parameters

),

-- A month is known when it is over; before that only what its source calls partial.
reports as (

    select
        *,
        coalesce(is_partial, 'false') = 'true' as is_partial_month
    from {{ known_versions(
        ref('app_downloads'),
        key=['app', 'store', 'month'],
        where="fact.month <= parameters.as_of_date
            and fact.month >= " ~ months_before(month_start('parameters.as_of_date'), 13) ~ "
            and (
                coalesce(fact.is_partial, 'false') = 'true'
                or last_day(fact.month) <= parameters.as_of_date
            )"
    ) }} as known

),

-- A figure for all stores stands alone: adding single stores would count them twice.
counted as (

    select *
    from reports
    qualify
        not bool_or({{ is_every_store('store') }}) over (partition by app_id, month)
        or {{ is_every_store('store') }}

),

months as (

    select
        app_id,
        month,
        string_agg(distinct app, '/' order by app) as app,
        string_agg(distinct store, '、' order by store) as stores,
        sum(downloads) as downloads,
        bool_or(is_partial_month) as is_partial,
        string_agg(distinct source_note, '；' order by source_note) as source_note
    from counted
    group by app_id, month

),

compared as (

    select
        parameters.as_of_date,
        parameters.known_at,
        this_month.month,
        this_month.app_id,
        this_month.app,
        this_month.stores,
        round(this_month.downloads, 0) as downloads,
        this_month.is_partial,
        case
            when last_month.month is null then 'no_base'
            when this_month.is_partial or last_month.is_partial then 'partial'
            when this_month.stores <> last_month.stores then 'other_stores'
            when not last_month.downloads > 0 then 'no_base'
            else 'computed'
        end as downloads_mom_basis,
        {{ period_change('this_month.downloads', 'last_month.downloads') }} as change,
        this_month.source_note
    from months as this_month
    cross join parameters
    left join months as last_month
        on
            this_month.app_id = last_month.app_id
            and {{ months_before('this_month.month', 1) }} = last_month.month

),

ranked as (

    select
        as_of_date,
        known_at,
        month,
        app_id,
        app,
        stores,
        downloads,
        is_partial,
        case when downloads_mom_basis = 'computed' then change end as downloads_mom,
        downloads_mom_basis,
        cast(
            row_number() over (
                partition by month, is_partial order by downloads desc, app_id asc
            ) as integer
        ) as rank_downloads,
        source_note
    from compared

)

select * from ranked
order by month, app_id
