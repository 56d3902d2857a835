-- One series per call, in percent; the close of the day's quotes is the yield.
with source as (

    select * from {{ source('sina', 'government_yields') }}

),

renamed as (

    select
        json_extract_string(_arguments, '$.country') as country,
        json_extract_string(_arguments, '$.tenor') as tenor,
        cast(date as date) as date,
        cast(close as double) as yield_pct,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source
    where
        cast(date as date)
        between cast(json_extract_string(_arguments, '$.since') as date)
        and cast(json_extract_string(_arguments, '$.until') as date)

)

select * from renamed
