-- 机构评级: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__ratings') }}

),

cninfo as (

    select * from {{ ref('stg_cninfo__ratings') }}

)

select * from inbox

union all

select * from cninfo
