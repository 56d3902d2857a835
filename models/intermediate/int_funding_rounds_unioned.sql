-- 投融资事件: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{ ref('stg_inbox__funding_rounds') }}

),

-- What the source did not split is read from the amount as printed.
unioned as (

    select
        company,
        sector,
        announced_on,
        round,
        amount_text,
        coalesce(amount_qualifier, {{ amount_qualifier('amount_text') }}) as amount_qualifier,
        coalesce(amount_number, {{ amount_number('amount_text') }}) as amount_number,
        coalesce(amount_scale, {{ amount_scale('amount_text') }}) as amount_scale,
        coalesce(currency, {{ amount_currency('amount_text') }}) as currency,
        investors,
        lead_investors,
        reported_by,
        printed_from,
        printed_to,
        source_note,
        load_id,
        landed_at,
        arrival_row
    from inbox

)

{{ with_entity_ids(
    'unioned',
    {'company': 'company'},
    day='named.announced_on',
    aliases=ref('entity_aliases')
) }}
