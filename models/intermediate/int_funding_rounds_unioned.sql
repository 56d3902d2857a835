-- 投融资事件: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__funding_rounds') }}

)

select * from inbox
