-- 指数成分与权重: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__index_constituents') }}

)

select * from inbox
