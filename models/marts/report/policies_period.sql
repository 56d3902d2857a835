with documents as (

    select
        *,
        coalesce(published_on, issued_on) as dated_on
    from {{ known_versions(
        'policies',
        where='coalesce(fact.published_on, fact.issued_on) <= parameters.as_of_date
            and coalesce(fact.published_on, fact.issued_on) >= least(
                ' ~ week_start('parameters.as_of_date') ~ ', '
                ~ month_start('parameters.as_of_date') ~ '
            )'
    ) }} as known

)

-- A document enters the window in which it was published; it may have been issued before.
select
    periods.*,
    documents.issued_on,
    documents.published_on,
    documents.issued_on between periods.window_start and periods.window_end
        as is_issued_in_window,
    documents.level as level_cn,
    documents.issuer as department,
    documents.title,
    documents.url,
    documents.source_note
from documents
inner join {{ ref('int_report_periods') }} as periods
    on documents.dated_on between periods.window_start and periods.window_end
order by period, issued_on, title
