-- The last known market cap of each share and basis in the 31 days before the report, in its
-- trading currency. Where one cap is printed, the latest is, and of one day the company's by
-- classes before that of the bars, which is the price of this share times all shares.
with caps as (

    select
        code,
        trade_date as cap_on,
        market_cap,
        currency,
        cap_basis
    from {{ known_versions(
        'market_caps',
        where=in_look_back('trade_date', 'parameters.as_of_date - 31')
            ~ " and fact.cap_basis <> 'free_float'"
    ) }} as known
    union all
    select
        code,
        trade_date as cap_on,
        market_cap,
        {{ market_currency('market') }} as currency,
        'a_share_price_all_shares' as cap_basis
    from {{ known_versions(
        'daily_bars',
        where=in_look_back('trade_date', 'parameters.as_of_date - 31')
    ) }} as known
    where market_cap is not null

)

select
    *,
    row_number() over (partition by code order by cap_on desc, cap_basis desc) = 1 as is_printed
from caps
qualify
    row_number() over (
        partition by code, cap_basis order by cap_on desc, market_cap desc
    ) = 1
