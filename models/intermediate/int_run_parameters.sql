-- One row: the day of the report and what counts as known. Every run writes it before dbt.
select
    as_of_date,
    known_at,
    knowledge
from run_parameters
