"""The raw gate: one fault at a time in a batch of A-share bars, and its declaration."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from gate_cases import DAY, TODAY, failing, named
from yanbao_gx.batch_suites import BatchContext

from yanbao.base.check_result import SAMPLE_ROWS
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import check_batch


def test_good_batch_passes_every_check(bars, check_bars):
    gate = check_bars(bars)
    assert gate.outcome == "pass"
    assert {one.outcome for one in gate.results} == {"pass"}
    assert len(gate.results) > 20


def test_duplicated_key_is_rejected_with_its_message(bars, check_bars):
    repeated = pd.concat([bars.iloc[:-2], bars.iloc[:2]])
    gate = check_bars(repeated)
    assert failing(gate) == {"unique(code, trade_date)"}
    assert gate.failed[0].message == (
        "a_share_bars 2024-10-31: rule unique(code, trade_date) failed: observed 4 rows"
        " share a key, such as 000001.SZ 2024-10-31, expected one row per code, trade_date"
        " (4 rows) → fetch once more after the close; never drop the repeats, others are"
        " missing"
    )


def test_empty_batch_is_rejected(bars, check_bars):
    gate = check_bars(bars.head(0))
    assert gate.outcome == "fail"
    assert {"not_empty", "completeness"} <= failing(gate)


def test_missing_column_is_named_with_its_nearest(bars, check_bars):
    gate = check_bars(bars.rename(columns={"close": "closes"}))
    assert gate.outcome == "fail"
    assert "without close (nearest: closes)" in named(gate, "columns").message


def test_added_column_warns_and_passes(bars, check_bars):
    gate = check_bars(bars.assign(mood="good"))
    assert gate.outcome == "pass"
    assert [one.check for one in gate.warnings] == ["added_columns"]
    assert "also mood" in gate.warnings[0].message


def test_columns_of_staging_are_not_added_columns(bars, check_bars):
    gate = check_bars(bars.assign(load_id="x", landed_at=pd.Timestamp(DAY), arrival_row=1))
    assert gate.warnings == ()


def test_batch_below_98_percent_of_the_last_good_one_is_rejected(bars, check_bars):
    assert failing(check_bars(bars, previous_rows=41)) == {"completeness"}
    assert check_bars(bars, previous_rows=40).outcome == "pass"


def test_size_of_a_backfill_is_not_compared(bars, check_bars):
    assert check_bars(bars, previous_rows=4_000, is_backfill=True).outcome == "pass"


def test_older_day_than_expected_is_rejected(bars, check_bars):
    gate = check_bars(bars, expected_day=date(2024, 11, 1))
    assert failing(gate) == {"freshness(trade_date)"}


def test_yesterday_served_as_today_is_rejected(bars, check_bars):
    gate = check_bars(bars, previous_content_equal=True)
    assert failing(gate) == {"new_content"}
    assert "yesterday is served as today" in gate.failed[0].message


def test_date_in_the_future_is_rejected(bars, check_bars):
    gate = check_bars(bars.assign(trade_date=pd.Timestamp("2024-11-02")))
    assert failing(gate) == {"not_in_future(trade_date)"}


@pytest.mark.parametrize(
    ("column", "cell", "check"),
    [
        ("code", "1.SZ", "pattern(code)"),
        ("code", None, "filled(code)"),
        ("close", np.nan, "filled(close)"),
        ("volume_shares", -1.0, "range(volume_shares)"),
        ("amount_cny", np.inf, "range(amount_cny)"),
        ("market_cap_cny", -np.inf, "range(market_cap_cny)"),
        ("adjustment", "sideways", "vocabulary(adjustment)"),
    ],
)
def test_bad_cell_above_one_in_a_thousand_is_rejected(bars, check_bars, column, cell, check):
    bars[column] = bars[column].astype(object if column == "adjustment" else bars[column].dtype)
    bars.loc[3, column] = cell
    gate = check_bars(bars)
    assert check in failing(gate)
    assert named(gate, check).failing_rows == 1
    assert len(named(gate, check).sample) == 1


def thousands(bars: pd.DataFrame, bad: int) -> pd.DataFrame:
    """Two thousand rows of which some have a negative volume."""
    many = pd.concat([bars] * 50, ignore_index=True)
    many["code"] = [f"{number:06d}.SZ" for number in range(len(many))]
    many.loc[: bad - 1, "volume_shares"] = -1.0
    return many


def test_feed_passes_with_one_bad_cell_in_a_thousand_and_counts_it(bars, check_bars):
    gate = check_bars(thousands(bars, bad=2))
    assert gate.outcome == "pass"
    assert named(gate, "range(volume_shares)").failing_rows == 2
    assert len(named(gate, "range(volume_shares)").sample) == 2


def test_feed_with_more_than_one_bad_cell_in_a_thousand_is_rejected(bars, check_bars):
    gate = check_bars(thousands(bars, bad=3))
    assert failing(gate) == {"range(volume_shares)"}


def test_rows_with_a_bad_cell_are_named_so_that_they_can_be_set_aside(bars, check_bars):
    bars.loc[3, "volume_shares"] = -1.0
    bars.loc[7, "code"] = "1.SZ"
    bars["high"] = np.where(bars.index == 9, np.inf, bars["high"])
    assert check_bars(bars.set_index(bars.index + 50)).bad_rows == (3, 7, 9)


def test_repeated_row_with_a_bad_cell_counts_once_and_is_set_aside_twice():
    dataset = BY_NAME["funds"]
    assert dataset.partitioning != "trade_date"
    columns = {name: [None, None] for name in dataset.column_names}
    gate = check_batch(dataset, pd.DataFrame(columns), context=BatchContext(today=TODAY))
    assert gate.bad_rows == (0, 1)
    empty = [one for one in gate.results if one.check.startswith("filled(")]
    assert {one.failing_rows for one in empty} == {1}


def test_file_has_no_tolerance_for_what_quarantine_left(bars, check_bars):
    gate = check_bars(thousands(bars, bad=1), is_feed=False)
    assert failing(gate) == {"range(volume_shares)"}


def test_sample_is_capped(bars, check_bars):
    gate = check_bars(thousands(bars, bad=100))
    result = named(gate, "range(volume_shares)")
    assert (result.failing_rows, len(result.sample)) == (100, SAMPLE_ROWS)


def test_text_where_numbers_belong_could_not_be_checked(bars, check_bars):
    gate = check_bars(bars.assign(close="12.5"))
    assert gate.outcome == "could_not_run"
    assert gate.failed[0].message.startswith("a_share_bars 2024-10-31: rule")


def test_empty_names_of_a_key_count_as_equal():
    dataset = BY_NAME["gpu_rentals"]
    frame = pd.DataFrame(
        {
            "gpu": "样例卡",
            "platform": "样例云",
            "cpu_cores": [np.nan, np.nan],
            "quoted_on": pd.Timestamp(DAY),
            "price_cny_per_hour": [10.0, 11.0],
        }
    )
    gate = check_batch(dataset, frame, context=BatchContext(today=TODAY, is_feed=False))
    assert {one.split("(")[0] for one in failing(gate)} == {"unique"}


def test_messages_hold_no_chinese_even_where_the_vocabulary_does():
    dataset = BY_NAME["funding_rounds"]
    frame = pd.DataFrame(
        {
            "company": ["样例丙"],
            "announced_on": pd.Timestamp("2024-10-09"),
            "round": "A轮",
            "amount_text": "大约一亿",
            "amount_qualifier": "大约",
        }
    )
    gate = check_batch(dataset, frame, context=BatchContext(today=TODAY, is_feed=False))
    assert failing(gate) == {"vocabulary(amount_qualifier)"}
    assert all(ord(letter) < 0x2E80 for one in gate.results for letter in one.message)
    assert gate.failed[0].sample[0]["company"] == "样例丙"


@pytest.mark.parametrize("share", [0, 1])
def test_garbled_headlines_of_a_feed_are_set_aside_or_reject_the_batch(share):
    """A reply without a charset is read as Latin-1: å…¬å¸ and ¹«Ë¾ for 公司."""
    count = 2000
    wrong = ["å…¬å¸", "¹«Ë¾", "鏍蜂緥"]
    headlines = ["样例科技"] * (count - 1) + wrong[:1] if not share else wrong * 10
    frame = pd.DataFrame(
        {
            "section": "快讯",
            "published_on": pd.Timestamp(DAY),
            "headline": [f"{text} {n}" for n, text in enumerate(headlines)],
            "publisher": "样例社",
        }
    )
    gate = check_batch(BY_NAME["news_items"], frame, context=BatchContext(today=TODAY))
    assert ("readable(headline)" in failing(gate)) is bool(share)
    assert len(gate.bad_rows) == (len(frame) if share else 1)


def test_future_days_of_a_calendar_are_allowed():
    frame = pd.DataFrame(
        {"market": "CN", "trade_date": pd.to_datetime(["2024-12-30", "2024-12-31"])}
    )
    gate = check_batch(BY_NAME["trading_days"], frame, context=BatchContext(today=TODAY))
    assert gate.outcome == "pass"


def test_dataset_without_dates_is_checked():
    frame = pd.DataFrame({"industry_code": ["710000", "71"], "level1": ["样例", "样例"]})
    gate = check_batch(BY_NAME["sw_industry_codes"], frame, context=BatchContext(today=TODAY))
    assert failing(gate) == {"pattern(industry_code)"}


def test_prices_of_the_last_day_stamped_with_a_new_one_are_rejected(bars, check_bars, previous):
    """Columns that nobody reads may differ: the prices tell."""
    codes = previous.set_index("code")["close"]
    served = bars.assign(close=bars["code"].map(codes))
    served = served.assign(open=served["close"], high=served["close"], low=served["close"])
    served = served.assign(amount_cny=served["close"] * served["volume_shares"])
    gate = check_bars(served)
    assert failing(gate) == {"moved"}
    assert "another close than the last good one" in named(gate, "moved").message


def test_shares_that_are_listed_and_not_in_the_list_are_missed(bars, check_bars):
    sizes = {"received_rows": 994, "listed_shares": 1_000}
    gate = check_bars(bars, **sizes)
    assert failing(gate) == {"listing"}
    assert "observed 994 shares" in named(gate, "listing").message
    assert failing(check_bars(bars, **(sizes | {"received_rows": 995}))) == set()
