-- 指数估值: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__index_valuations') }}

)

select * from inbox
