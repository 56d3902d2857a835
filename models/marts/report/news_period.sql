-- An item belongs to the window in which it was published; the event may lie elsewhere.
select
    periods.*,
    items.section,
    items.published_on,
    coalesce(items.event_on, items.published_on) as event_on,
    coalesce(items.event_on, items.published_on)
    between periods.window_start and periods.window_end as is_event_in_window,
    items.subject,
    items.headline,
    items.publisher,
    items.url,
    items.source_note
from {{ known_versions(
    'news_items',
    where='fact.published_on <= parameters.as_of_date
        and fact.published_on >= least(
            ' ~ week_start('parameters.as_of_date') ~ ', '
            ~ month_start('parameters.as_of_date') ~ '
        )'
) }} as items
inner join {{ ref('int_report_periods') }} as periods
    on items.published_on between periods.window_start and periods.window_end
order by period, section, published_on, headline
