-- 证券列表: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__securities') }}

)

select * from inbox
