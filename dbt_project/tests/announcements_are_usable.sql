-- Statements whose announcement is missing or lies before the end of their period: they count
-- as known from the day on which they landed, and are flagged here without blocking a release.
{{ config(severity='warn') }}

select
    code,
    report_period,
    announced_on,
    available_on,
    load_id
from {{ ref('income_statements') }}
where announced_on is null or announced_on < report_period
order by code, report_period
