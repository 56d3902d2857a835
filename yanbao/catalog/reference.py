"""Reference data: who is listed, when markets trade, who belongs where."""

from functools import partial

from yanbao.catalog.declaration import (
    FUND_CODE,
    INDEX_CODE,
    LISTED_CODE,
    Dataset,
    code,
    day,
    number,
    text,
)
from yanbao.catalog.market_facts import A_SHARE_CODE
from yanbao.catalog.usual_sizes import PART_OF_A_RATIO, SHARES_OF_AN_ACTION, WEIGHT

reference = partial(Dataset, group="reference", cadence="weekly", completeness="last_good")
DATASETS = (
    reference(
        name="securities",
        label="证券列表",
        share_names=("name",),
        grain="one listed company share and its name from a date on",
        key=("code", "name_from"),
        staleness_days=45,
        date_column="listed_on",
        upstream=("sse", "szse", "bse", "eastmoney"),
        available_on=(
            "coalesce(\n    name_from,\n    case when source_name <> 'inbox' then"
            " {{ beijing_date('landed_at') }} end,\n    listed_on\n)"
        ),
        # The first list shows what was so before; a change is known from the list it stands in.
        first_available_on="coalesce(name_from, listed_on)",
        not_carried={
            "szse": {
                "name_from is not null": ("listed_on", "delisted_on", "status", "board"),
                "status = 'D'": ("board",),
            },
        },
        columns=(
            code("code", LISTED_CODE, "Share code with exchange suffix.", example="600519.SH"),
            text("name", "Name of the share.", required=True, example="样例科技"),
            day("listed_on", "First trading day."),
            day("delisted_on", "Last listed day; empty while listed.", not_before="listed_on"),
            text("status", "L listed, D delisted, P suspended.", allowed=("L", "D", "P")),
            text("board", "Board; derived from the code when empty."),
            text("currency", "Trading currency; derived from the suffix when empty."),
            day("name_from", "First day of this name; empty when names are undated."),
        ),
        notes="Undated names are allowed; ST rules that rest on them say so.",
    ),
    reference(
        name="code_changes",
        label="证券代码变更",
        grain="one company's change from one code to another",
        key=("old_code", "changed_on"),
        completeness="none",
        cadence="as it happens",
        future_allowed=True,
        available_on="cast(null as date)",
        columns=(
            code("old_code", LISTED_CODE, "Code before the change.", example="300114.SZ"),
            code("new_code", LISTED_CODE, "Code from then on.", example="302132.SZ"),
            day("changed_on", "First day of the new code.", required=True),
            day("reused_from", "First day on which the old code is another company's."),
        ),
        notes=(
            "Adds to the changes that the project knows. A company keeps one history, under"
            " the code of the report day."
        ),
    ),
    reference(
        name="trading_days",
        label="交易日历",
        grain="one trading day of one market",
        key=("market", "trade_date"),
        cadence="monthly",
        future_allowed=True,
        upstream=("sina", "akshare_bundle"),
        available_on="cast(null as date)",
        due_on="parameters.as_of_date",
        parts_by="market",
        columns=(
            text("market", "CN, HK or US.", required=True, allowed=("CN", "HK", "US")),
            day("trade_date", "A day on which the market trades.", required=True),
        ),
    ),
    reference(
        name="sw_industry_membership",
        label="申万行业成分沿革",
        grain="one company's Shenwan industry from a date on",
        key=("code", "effective_from"),
        staleness_days=45,
        upstream=("swsresearch",),
        columns=(
            code("code", A_SHARE_CODE, "Share code.", example="000001.SZ"),
            day("effective_from", "First day in this industry.", required=True),
            code(
                "industry_code",
                r"\d{6}",
                "Six-digit SW 2021 classification code; the first two digits are level 1.",
                example="710301",
            ),
            day("updated_on", "When the publisher touched the row."),
        ),
    ),
    reference(
        name="sw_industry_codes",
        label="申万行业代码",
        grain="one code of the Shenwan 2021 classification",
        key=("industry_code",),
        completeness="none",
        cadence="yearly",
        columns=(
            code("industry_code", r"\d{6}", "Six-digit classification code.", example="710000"),
            text("level1", "Level 1 name.", required=True),
            text("level2", "Level 2 name; empty on level 1 rows."),
            text("level3", "Level 3 name; empty on level 1 and 2 rows."),
        ),
    ),
    reference(
        name="concept_members",
        label="概念成分",
        grain="one member of one concept board as seen on a day",
        key=("concept_code", "code", "as_of_date"),
        staleness_days=45,
        upstream=("eastmoney_research",),
        due_after_days=45,
        columns=(
            text("concept_code", "Board code of the source.", required=True, example="BK0800"),
            text("concept_name", "Board name.", required=True, example="人工智能"),
            code("code", A_SHARE_CODE, "Member's share code."),
            day("as_of_date", "Day of the snapshot.", required=True),
        ),
    ),
    reference(
        name="index_constituents",
        label="指数成分与权重",
        grain="one member of one index on a day",
        key=("index_code", "code", "as_of_date"),
        staleness_days=62,
        cadence="monthly",
        upstream=("csindex", "swsresearch", "sina_quotes"),
        # Publishers review an index twice a year.
        due_after_days=190,
        parts_by="index_code",
        columns=(
            code("index_code", INDEX_CODE, "Index code with suffix.", example="930713.CSI"),
            code("code", LISTED_CODE, "Member's share code."),
            day("as_of_date", "Day for which the membership holds.", required=True),
            number(
                "weight_pct",
                "percent",
                "Weight in the index.",
                minimum=0,
                maximum=100,
                scale=WEIGHT,
            ),
        ),
    ),
    reference(
        name="funds",
        label="基金列表",
        grain="one share class of one fund",
        key=("fund_code",),
        upstream=("eastmoney_funds",),
        columns=(
            code("fund_code", FUND_CODE, "Share class code.", example="005962.OF"),
            text("fund_name", "Name of the share class.", required=True),
            text("fund_type", "Legal or investment type, as the source prints it."),
            text("share_class", "A, C, E or empty for a single class."),
            text("fund_company", "Management company."),
            text("listing_code", "Exchange code of a listed fund (159819.SZ); else empty."),
            day("established_on", "Day of establishment."),
        ),
    ),
    reference(
        name="corporate_actions",
        label="拆并股",
        grain="one split, bonus issue or consolidation of one share",
        key=("code", "ex_date"),
        completeness="none",
        proofs=(SHARES_OF_AN_ACTION,),
        columns=(
            code("code", LISTED_CODE, "Share code with exchange suffix.", example="0700.HK"),
            day("ex_date", "First session at the new number of shares.", required=True),
            number(
                "shares_after",
                "shares",
                "Shares held afterwards for every shares_before: 2 for one new per old.",
                required=True,
                minimum=0.0001,
                example="2",
                scale=PART_OF_A_RATIO,
            ),
            number(
                "shares_before",
                "shares",
                "Shares held before. Equal numbers say that there was no action, and that the"
                " price moved.",
                required=True,
                minimum=0.0001,
                example="1",
                scale=PART_OF_A_RATIO,
            ),
            text("reason", "Where the action is announced."),
        ),
        notes="yanbao hold accept --action writes them too. Only unadjusted prices need them.",
    ),
)
