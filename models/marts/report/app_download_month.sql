-- A month is known when it is over; before that only what its source calls partial. A figure
-- for all stores stands alone: adding single stores would count them twice.
with counted as (

    select *
    from {{ known_versions(
        'app_downloads',
        where="fact.month <= parameters.as_of_date
            and fact.month >= " ~ months_before(month_start('parameters.as_of_date'), 13) ~ "
            and (
                coalesce(fact.is_partial, 'false') = 'true'
                or last_day(fact.month) <= parameters.as_of_date
            )"
    ) }} as known
    qualify
        not bool_or({{ is_every_store('store') }}) over (partition by app_id, month)
        or {{ is_every_store('store') }}

),

months as (

    select
        app_id,
        month,
        {{ distinct_texts('app', '/') }} as app,
        {{ distinct_texts('store', '、') }} as stores,
        sum(downloads) as downloads,
        bool_or(coalesce(is_partial, 'false') = 'true') as is_partial,
        {{ distinct_texts('source_note', '；') }} as source_note
    from counted
    group by app_id, month

),

compared as (

    select
        this_month.*,
        last_month.downloads as downloads_before,
        case
            when last_month.month is null then 'no_base'
            when this_month.is_partial or last_month.is_partial then 'partial'
            when this_month.stores <> last_month.stores then 'other_stores'
            when not last_month.downloads > 0 then 'no_base'
            else 'computed'
        end as downloads_mom_basis
    from months as this_month
    left join months as last_month
        on
            this_month.app_id = last_month.app_id
            and {{ months_before('this_month.month', 1) }} = last_month.month

)

select
    parameters.as_of_date,
    parameters.known_at,
    compared.month,
    compared.app_id,
    compared.app,
    compared.stores,
    round(compared.downloads, 0) as downloads,
    compared.is_partial,
    case
        when compared.downloads_mom_basis = 'computed'
            then {{ period_change('compared.downloads', 'compared.downloads_before') }}
    end as downloads_mom,
    compared.downloads_mom_basis,
    cast(
        row_number() over (
            partition by compared.month, compared.is_partial
            order by round(compared.downloads, 0) desc, compared.app_id asc
        ) as integer
    ) as rank_downloads,
    compared.source_note
from compared
cross join {{ ref('int_run_parameters') }} as parameters
order by month, app_id
