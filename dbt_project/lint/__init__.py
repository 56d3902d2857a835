"""Stand-ins that let sqlfluff render the models without dbt."""
