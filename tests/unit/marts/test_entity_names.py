"""What names of sites, companies and models mean on a day, and what printed amounts say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.marts.mart_harness import Harness, Row, seed_rows

DAY = "2024-10-31"


def site(app: str, period_end: str = "2024-10-20", owner: str | None = None) -> Row:
    return {"app": app, "owner": owner, "period_end": period_end}


def app_ids(mart: Harness, *sites: Row) -> dict[str, str]:
    """Ids by name and day."""
    rows = mart("int_web_traffic_unioned", DAY, stg_inbox__web_traffic=list(sites))
    return {f"{row['app']} {row['period_end']}": row["app_id"] for row in rows}


def test_old_and_new_name_of_a_product_are_one_product(mart: Harness) -> None:
    got = app_ids(mart, site("文心一言"), site("文小言"), site("yiyan.baidu.com"))
    assert (len(got), {*got.values()}) == (3, {"product:wenxin-yiyan"})


def test_name_means_nothing_before_it_was_given(mart: Harness) -> None:
    before, after = site("文小言", "2024-09-03"), site("文小言", "2024-09-04")
    assert app_ids(mart, before, after) == {
        "文小言 2024-09-03": "unlisted:文小言",
        "文小言 2024-09-04": "product:wenxin-yiyan",
    }


def test_app_month_counts_the_names_that_held_on_its_last_day(mart: Harness) -> None:
    rows = mart(
        "int_app_downloads_unioned",
        DAY,
        stg_inbox__app_downloads=[{"app": "文小言", "month": "2024-09-01"}],
    )
    assert [row["app_id"] for row in rows] == ["product:wenxin-yiyan"]


def test_spellings_of_one_company_are_one_company(mart: Harness) -> None:
    names = ["META", "Meta", "脸书", "Meta Platforms"]
    sites = [site("x", owner=name) for name in names]
    rows = mart("int_web_traffic_unioned", DAY, stg_inbox__web_traffic=sites)
    assert {row["owner_id"] for row in rows} == {"company:meta"}


def test_name_without_a_date_means_the_model_of_the_day(mart: Harness) -> None:
    scores = [
        {"model": "ChatGPT-4o-latest", "as_of_date": day}
        for day in ("2024-08-20", "2024-09-19", "2025-01-01")
    ]
    rows = mart("int_llm_scores_unioned", DAY, stg_inbox__llm_scores=scores)
    assert {str(row["as_of_date"]): row["model_id"] for row in rows} == {
        "2024-08-20": "model:chatgpt-4o-latest-2024-08-08",
        "2024-09-19": "model:chatgpt-4o-latest-2024-09-03",
        "2025-01-01": "unlisted:chatgpt-4o-latest",
    }


def test_row_of_an_unlisted_name_is_kept_and_the_name_is_listed(mart: Harness) -> None:
    (kept,) = mart("int_web_traffic_unioned", DAY, stg_inbox__web_traffic=[site("样例 站")])
    assert (kept["app"], kept["app_id"], kept["owner_id"]) == (
        "样例 站",
        "unlisted:样例站",
        None,
    )
    core = [
        {"app": "样例 站", "app_id": "unlisted:样例站", "period_end": day, "available_on": day}
        for day in ("2024-10-20", "2024-10-27", "2024-11-03")
    ]
    (listed,) = mart("unlisted_names", DAY, web_traffic=core)
    assert (listed["printed_name"], listed["dataset"]) == ("样例 站", "web_traffic")
    assert (str(listed["last_on"]), listed["row_count"]) == ("2024-10-27", 2)


def test_name_means_nothing_from_valid_to_on(mart: Harness) -> None:
    ended = [row for row in seed_rows("entity_aliases") if row["valid_to"]]
    assert ended
    sites = [
        site(row["alias"], day, row["alias"])
        for row in ended
        for day in (day_before(row["valid_to"]), row["valid_to"])
        if row["kind"] != "model"
    ]
    web = mart("int_web_traffic_unioned", DAY, stg_inbox__web_traffic=sites)
    got = {
        (kind, row["app"], str(row["period_end"])): row[name]
        for row in web
        for kind, name in (("product", "app_id"), ("company", "owner_id"))
    }
    for row in ended:
        if row["kind"] != "model":
            last = (row["kind"], row["alias"], day_before(row["valid_to"]))
            assert got[last] == row["entity_id"]
            assert got[(*last[:2], row["valid_to"])].startswith("unlisted:")


def day_before(day: str) -> str:
    return str(date.fromisoformat(day) - timedelta(1))


def named_days() -> list[Row]:
    """Every listed name on the first and on the last day on which it means its entity."""
    return [
        {"kind": row["kind"], "name": row["alias"], "day": day, "id": row["entity_id"]}
        for row in seed_rows("entity_aliases")
        for day in {
            row["valid_from"] or "2024-10-20",
            day_before(row["valid_to"]) if row["valid_to"] else "2024-10-20",
        }
        if (row["valid_from"] or day) <= day and (not row["valid_to"] or day < row["valid_to"])
    ]


def test_every_listed_name_means_one_thing_on_each_of_its_days(mart: Harness) -> None:
    names = named_days()
    sites = [
        {"app": n["name"], "owner": n["name"], "period_end": n["day"]}
        for n in names
        if n["kind"] != "model"
    ]
    scores = [
        {"model": n["name"], "as_of_date": n["day"]} for n in names if n["kind"] == "model"
    ]
    web = mart("int_web_traffic_unioned", DAY, stg_inbox__web_traffic=sites)
    models = mart("int_llm_scores_unioned", DAY, stg_inbox__llm_scores=scores)
    assert (len(web), len(models)) == (len(sites), len(scores)), "a name means two things"
    meant = {
        **{("product", r["app"], str(r["period_end"])): r["app_id"] for r in web},
        **{("company", r["owner"], str(r["period_end"])): r["owner_id"] for r in web},
        **{("model", r["model"], str(r["as_of_date"])): r["model_id"] for r in models},
    }
    assert {k: v for k, v in meant.items() if not v.startswith("unlisted:")} == {
        (n["kind"], n["name"], n["day"]): n["id"] for n in names
    }


AMOUNTS = [
    ("超1亿人民币", "超", 1, "亿", "CNY"),
    ("近3亿人民币", "近", 3, "亿", "CNY"),
    ("1.2亿人民币", None, 1.2, "亿", "CNY"),
    ("数亿人民币", "数", None, "亿", "CNY"),
    ("数十亿人民币", "数十", None, "亿", "CNY"),
    ("数千万元", "数", None, "万", "CNY"),
    ("3200万美元", None, 3200, "万", "USD"),
    ("超6000万美元", "超", 6000, "万", "USD"),
    ("1600 万美元", None, 1600, "万", "USD"),
    ("2.5 亿美元", None, 2.5, "亿", "USD"),
    ("近亿元", "近", 1, "亿", "CNY"),
    ("5千万元人民币", None, 5000, "万", "CNY"),
    ("亿元及以上人民币", "超", 1, "亿", "CNY"),
    ("1,200万港元", None, 1200, "万", "HKD"),
    ("约2百万欧元", "约", 200, "万", "EUR"),
    ("$250M", None, 25000, "万", "USD"),
    ("€1.5 billion", None, 15, "亿", "EUR"),
    ("100 RMB", None, 100, None, "CNY"),
    ("1.1万亿日元", None, 11000, "亿", "JPY"),
    ("5000万", None, 5000, "万", None),
    ("未披露", None, None, None, None),
]


@pytest.mark.parametrize(("words", "qualifier", "number", "scale", "currency"), AMOUNTS)
def test_printed_amount_is_read(
    mart: Harness,
    words: str,
    qualifier: str | None,
    number: float | None,
    scale: str | None,
    currency: str | None,
) -> None:
    row = {
        "company": "样例",
        "announced_on": "2024-10-08",
        "round": "A轮",
        "amount_text": words,
    }
    (got,) = mart("int_funding_rounds_unioned", DAY, stg_inbox__funding_rounds=[row])
    assert got["amount_qualifier"] == qualifier
    assert got["amount_number"] == (None if number is None else pytest.approx(number))
    assert (got["amount_scale"], got["currency"]) == (scale, currency)


def test_amount_that_the_source_split_goes_before_its_words(mart: Harness) -> None:
    row = {
        "company": "样例",
        "announced_on": "2024-10-08",
        "round": "A轮",
        "amount_text": "1亿元",
        "amount_number": 2.0,
        "amount_scale": "亿",
        "currency": "USD",
    }
    (got,) = mart("int_funding_rounds_unioned", DAY, stg_inbox__funding_rounds=[row])
    assert (got["amount_number"], got["currency"]) == (2.0, "USD")


QUALIFIERS = {"": None, "超": "超", "近": "近", "约": "约", "逾": "超"}
SCALED = {"万": (1, "万"), "千万": (1000, "万"), "百万": (100, "万"), "亿": (1, "亿"),
          "十亿": (10, "亿"), "万亿": (10_000, "亿")}  # fmt: skip
CURRENCIES = {"人民币": "CNY", "元": "CNY", "美元": "USD", "港元": "HKD", "欧元": "EUR",
              "英镑": "GBP", "日元": "JPY"}  # fmt: skip


@settings(max_examples=25)
@given(
    words=st.sampled_from(sorted(QUALIFIERS)),
    tenths=st.integers(min_value=1, max_value=99_999),
    space=st.sampled_from(["", " "]),
    scale=st.sampled_from(sorted(SCALED)),
    currency=st.sampled_from(sorted(CURRENCIES)),
)
def test_any_amount_reads_back_as_it_was_written(
    mart: Harness, words: str, tenths: int, space: str, scale: str, currency: str
) -> None:
    text = f"{words}{tenths / 10:,.1f}{space}{scale}{currency}"
    row = {"company": "样例", "announced_on": DAY, "round": "A轮", "amount_text": text}
    (got,) = mart("int_funding_rounds_unioned", DAY, stg_inbox__funding_rounds=[row])
    factor, base = SCALED[scale]
    assert got["amount_qualifier"] == QUALIFIERS[words]
    assert got["amount_number"] == pytest.approx(tenths / 10 * factor)
    assert (got["amount_scale"], got["currency"]) == (base, CURRENCIES[currency])
