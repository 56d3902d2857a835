-- 应用下载量: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__app_downloads') }}

)

select * from inbox
