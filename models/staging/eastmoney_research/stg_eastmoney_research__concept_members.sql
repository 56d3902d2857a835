-- A board asked by name has its name for a code, because the reply carries neither.
with source as (

    select * from {{ source('eastmoney_research', 'concept_members') }}

),

renamed as (

    select
        json_extract_string(_arguments, '$.symbol') as concept_code,
        json_extract_string(_arguments, '$.symbol') as concept_name,
        代码 || case
            when left(代码, 1) = '6' then '.SH'
            when left(代码, 1) in ('0', '3') then '.SZ'
            when left(代码, 1) in ('4', '8') or left(代码, 2) = '92' then '.BJ'
        end as code,
        cast(json_extract_string(_arguments, '$.day') as date) as as_of_date,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source
    where
        left(代码, 1) in ('0', '3', '4', '6', '8') or left(代码, 2) = '92'

)

select * from renamed
