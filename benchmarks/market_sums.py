"""What must add up in a release of the whole market.

Candidates and amounts are counted again from the imported files, without a model of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from yanbao.releases.release_store import Release

MARKET = "market"
MONEY = (
    *("revenue", "revenue_base"),
    *("net_profit_attributable", "net_profit_attributable_base"),
)
CENT = 0.01
# A double holds the revenue of the whole market to some cents alone.
DIGITS = 1e-14


@dataclass(frozen=True)
class Sum:
    """One statement about a pool, or about the market: what adds up, and whether it does."""

    pool: str
    what: str
    holds: bool


def _money(row: str) -> str:
    return ", ".join(f"sum({row.format(name)}) as {name}" for name in MONEY)


def _same(left: str, right: str, counts: tuple[str, ...]) -> str:
    """Counts are equal, amounts to the cent or to the digits of a double; no rows are zero."""
    pairs = [
        (f"coalesce({left}.{n}, 0)", f"coalesce({right}.{n}, 0)") for n in (*counts, *MONEY)
    ]
    return " and ".join(
        f"abs({ours} - {theirs}) < greatest({CENT}, abs({theirs}) * {DIGITS})"
        for ours, theirs in pairs
    )


RELATIONS = f"""
create view industries as
    select pool, selector from release.core.pools where taxonomy = getvariable('taxonomy');
create view candidates as
    select * from release.report.pool where pool in (select pool from industries);
create view industry as
    select * from release.report.industry_quarter
    where pool in (select pool from industries);
create view parts as
    select pool, report_period, sum(members) as members, sum(companies) as companies,
        {_money("{}")}
    from release.report.sub_industry_quarter group by all;
create view listed as
    select pool, report_period, count(*) as members, count_if(is_compared) as companies,
        {_money("case when is_compared then {} end")}
    from release.report.company_quarter group by all;
create view membership as
    select coalesce(later.new_code, earlier.old_code, filed.code) as code,
        max_by(industry_code, effective_from)[:2] as selector
    from read_csv(
        getvariable('folder') || '/sw_industry_membership.csv', all_varchar = true
    ) as filed
    left join release.core.known_code_changes as later
        on filed.code = later.old_code and later.changed_on <= getvariable('period')
    left join release.core.known_code_changes as earlier
        on filed.code = earlier.new_code and earlier.changed_on > getvariable('period')
    where effective_from <= getvariable('period') group by all;
create view delisted as
    select code from read_csv(getvariable('folder') || '/securities.csv', all_varchar = true)
    where delisted_on <= getvariable('period');
create view filed as
    select code, report_period::date as period, revenue_ytd as revenue,
        net_profit_attributable_ytd as profit
    from read_parquet(getvariable('folder') || '/income_statements.parquet')
    where announced_on <= getvariable('known')
        and revenue_ytd is not null and net_profit_attributable_ytd is not null;
create view quarters as
    select filed.code, filed.period, filed.revenue - coalesce(before.revenue, 0) as revenue,
        filed.profit - coalesce(before.profit, 0) as profit
    from filed left join filed as before
        on filed.code = before.code and quarter(filed.period) > 1
        and before.period = last_day(filed.period - interval 3 month)
    where before.code is not null or quarter(filed.period) = 1;
create table compared as
    select now.code, now.revenue, base.revenue as revenue_base,
        now.profit as net_profit_attributable, base.profit as net_profit_attributable_base
    from quarters as now inner join quarters as base
        on now.code = base.code and base.period = last_day(now.period - interval 12 month)
    where now.period = getvariable('period')::date;
create view counted_again as
    select pool, count(compared.code) as companies, {_money("compared.{}")}
    from candidates left join compared using (code) where included group by pool;
"""
SUMS: Mapping[str, str] = {
    "level-2 industries add up to their industry": f"""
        select pool, bool_and({_same("parts", "industry", ("members", "companies"))})
        from industry left join parts using (pool, report_period) group by pool
    """,
    "listed companies add up to their industry": f"""
        select pool, bool_and({_same("listed", "industry", ("members", "companies"))})
        from industry left join listed using (pool, report_period) group by pool
    """,
    "classes of growth and status add up to the members": """
        select pool, bool_and(counted = members) from (
            select pool, report_period, measure, partition_kind, sum(companies) as counted,
                max(members) as members
            from release.report.company_growth_distribution
            where pool in (select pool from industries) group by all
        ) group by pool
    """,
    "companies by rule are those of the membership file": """
        select pool, bool_and(listed.code is not null and candidates.code is not null)
        from (
            select pool, membership.code from membership inner join industries using (selector)
        ) as listed
        full join candidates using (pool, code) group by pool
    """,
    "the quarter counted again from the statements file": f"""
        select pool, {_same("counted_again", "industry", ("companies",))}
        from industry left join counted_again using (pool)
        where report_period = getvariable('period')::date
    """,
}
MARKET_SUMS: Mapping[str, str] = {
    "every listed company stands in one industry": """
        select max(times) = 1 and bool_and(times > 0 or is_delisted) from (
            select membership.code, count(candidates.code) as times,
                bool_or(delisted.code is not null) as is_delisted
            from membership left join candidates using (code) left join delisted using (code)
            group by membership.code
        )
    """,
    "31 industries add up to the market": f"""
        select industries.companies = market.companies and industries.members = market.members
            and {_same("industries", "market", ())}
        from (
            select sum(members) as members, sum(companies) as companies, {_money("{}")}
            from industry where report_period = getvariable('period')::date
        ) as industries
        cross join (
            select count(*) as members, count(compared.code) as companies,
                {_money("compared.{}")}
            from (select distinct code from candidates where included)
            left join compared using (code)
        ) as market
    """,
}


def sums_of(release: Release, folder: Path, taxonomy: str, end: str, known: str) -> list[Sum]:
    """Every sum of every pool of a taxonomy, for the quarter that ends on a day."""
    told = {"taxonomy": taxonomy, "folder": str(folder), "period": end, "known": known}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{release.warehouse}' as release (read_only)")
        for name, value in told.items():
            connection.execute(f"set variable {name} = $told", {"told": value})
        connection.execute(RELATIONS)
        found = [
            Sum(pool, what, holds is True)
            for what, query in SUMS.items()
            for pool, holds in connection.execute(query).fetchall()
        ]
        for what, query in MARKET_SUMS.items():
            ((holds,),) = connection.execute(query).fetchall()
            found.append(Sum(MARKET, what, holds is True))
    return found
