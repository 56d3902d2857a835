-- A board asked by name has its name for a code, because the reply carries neither.
select
    {{ call_argument('symbol') }} as concept_code,
    {{ call_argument('symbol') }} as concept_name,
    {{ a_share_code('代码') }} as code,
    cast({{ call_argument('day') }} as date) as as_of_date,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_research', 'concept_members') }}
where
    {{ is_a_share('代码') }}
