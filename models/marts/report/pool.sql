with candidates as (

    select * from {{ ref('int_pool') }}

)

select * from candidates
order by pool, code
