"""Replies that are not data, or not the declared contract: one line each, never half-read."""

from __future__ import annotations

import pandas as pd
import pytest
import responses

from yanbao.base.errors import SourceSchemaError, SourceUnavailableError
from yanbao.sources import fetches_for
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.call import Arguments, Fetch, Reply, Request
from yanbao.sources.frames import RejectedReplyError, check_contract, to_arrow

from .case import KLINES, SESSION
from .replies import GOOD_ROW as ROW
from .replies import as_json, klines, no_data


@pytest.mark.parametrize("status", [403, 404])
def test_refusal_is_not_tried_again(
    status: int,
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, status=status, body="no")
    with pytest.raises(SourceUnavailableError, match=f"status {status}, 1 try"):
        client.call(index_fetch, arguments)
    assert client.requests == 1


def test_bad_gateway_is_tried_three_times(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, status=502, body="<html>bad gateway</html>")
    with pytest.raises(SourceUnavailableError, match="status 502, 3 tries"):
        client.call(index_fetch, arguments)
    assert client.requests == 3


def test_web_page_with_status_200_is_not_data(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    page = "\n<!DOCTYPE html><html><title>访问验证</title>" + "x" * 200
    wire.get(KLINES, body=page, content_type="text/html; charset=utf-8")
    with pytest.raises(SourceUnavailableError) as caught:
        client.call(index_fetch, arguments)
    assert "not data: <!DOCTYPE html><html><title>访问验证</title>xx" in caught.value.what
    shown = caught.value.what.split("not data: ")[1].split(", 1 try")[0]
    assert len(shown) == 80
    assert client.requests == 1


def test_empty_answer_is_unavailable_where_rows_are_due(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=klines("930713", "CS人工智", []))
    with pytest.raises(SourceUnavailableError, match="without any row"):
        client.call(index_fetch, arguments)


def test_null_data_is_the_upstream_refusing(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=as_json({"rc": 102, "data": None}))
    with pytest.raises(SourceUnavailableError, match="answered without data"):
        client.call(index_fetch, arguments)


def test_extra_field_of_a_positional_parser_is_a_schema_error(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=klines("930713", "CS人工智", [f"{ROW},9.9"]))
    with pytest.raises(SourceSchemaError, match=r"not fit the parser: .*Length mismatch"):
        client.call(index_fetch, arguments)
    assert client.requests == 1


def yields_reply(**renamed: str) -> bytes:
    fields = [
        "EMM00588704",
        "EMM00166462",
        "EMM00166466",
        "EMM00166469",
        "EMM01276014",
        "EMG00001306",
        "EMG00001308",
        "EMG00001310",
        "EMG00001312",
        "EMG01339436",
        "EMM00000024",
        "EMG00159635",
    ]
    row: dict[str, object] = {"SOLAR_DATE": "2024-10-17 00:00:00"}
    row |= {renamed.get(name, name): 2.5 for name in fields}
    result = {"pages": 1, "data": [row], "count": 1}
    return as_json({"result": result, "success": True})


YIELDS = "https://datacenter.eastmoney.com/api/data/get"


def test_added_column_warns_and_is_kept(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    """The library itself drops unknown fields here, so the contract forgets a column."""
    fetch = fetches_for("government_yields")[0]
    columns = tuple(column for column in fetch.columns if column.name != "中国GDP年增率")
    narrower = Fetch(**{**vars(fetch), "columns": columns})
    wire.get(YIELDS, body=yields_reply())
    reply = client.call(narrower, fetch.plan(Request("government_yields", SESSION))[0])
    assert reply.warnings == ("eastmoney_rates.bond_zh_us_rate: column 中国GDP年增率 is new",)
    assert "中国GDP年增率" in reply.frame.columns


def test_missing_column_names_the_nearest_and_keeps_the_reply(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    fetch = fetches_for("government_yields")[0]
    columns = tuple(
        type(column)(column.name.replace("收益率10年", "收益率十年"), column.kind)
        for column in fetch.columns
    )
    wire.get(YIELDS, body=yields_reply())
    with pytest.raises(RejectedReplyError, match=r"中国国债收益率十年 \(nearest: ") as caught:
        client.call(
            Fetch(**{**vars(fetch), "columns": columns}),
            fetch.plan(Request("government_yields", SESSION))[0],
        )
    assert len(caught.value.reply.frame) == 1


def index_reply(**cells: object) -> Reply:
    row = {"date": "2024-10-31", "open": 1.0, "close": 1.0, "high": 1.0, "low": 1.0}
    frame = pd.DataFrame([row | {"volume": 1.0, "amount": 1.0} | cells])
    return Reply("eastmoney", "index_bars", "f", {}, frame, None, "1.0.0", "host", 1)


def test_number_column_that_turned_into_words_is_rejected(index_fetch: Fetch) -> None:
    assert check_contract(index_fetch, index_reply()).warnings == ()
    with pytest.raises(RejectedReplyError, match="column close is text, expected number"):
        check_contract(index_fetch, index_reply(close="-"))


def test_text_that_cannot_be_read_as_a_date_is_rejected(index_fetch: Fetch) -> None:
    with pytest.raises(RejectedReplyError, match="1 of 1 cells of date cannot be read"):
        check_contract(index_fetch, index_reply(date="昨天"))


def test_column_that_mixes_numbers_and_words_lands_as_text() -> None:
    table = to_arrow(pd.DataFrame({"昨收": [1.5, "-", None]}), {})
    assert table["昨收"].to_pylist() == ["1.5", "-", None]


def test_declared_column_without_values_lands_with_its_declared_type() -> None:
    frame = pd.DataFrame({"开盘": [None, None], "日期": [None, None], "名称": [None, None]})
    table = to_arrow(frame, {"开盘": "number", "日期": "date", "名称": "text"})
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["开盘"] == "double"
    assert kinds["日期"].startswith("timestamp")
    assert kinds["名称"].endswith("string")


def test_report_period_without_rows_is_an_empty_reply(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    """Early in the season no company has filed: no failure, and no case for the breaker."""
    fetch = fetches_for("earnings_previews")[0]
    wire.get("https://datacenter.eastmoney.com/securities/api/data/v1/get", body=no_data())
    reply = client.call(fetch, fetch.plan(Request("earnings_previews", SESSION))[0])
    assert reply.frame.empty
    assert reply.requests == 1


def test_day_without_ratings_is_an_empty_reply(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    """The library fails to name the columns of a frame that has none."""
    fetch = fetches_for("ratings")[0]
    wire.post("http://webapi.cninfo.com.cn/api/sysapi/p_sysapi1089", json={"records": []})
    reply = client.call(fetch, fetch.plan(Request("ratings", SESSION))[0])
    assert reply.frame.empty


def test_throttled_statement_call_is_not_taken_for_an_empty_period(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    fetch = fetches_for("earnings_previews")[0]
    throttled = as_json({"result": None, "success": False, "code": 9501, "message": "busy"})
    wire.get("https://datacenter.eastmoney.com/securities/api/data/v1/get", body=throttled)
    with pytest.raises(SourceUnavailableError, match="answered without data"):
        client.call(fetch, fetch.plan(Request("earnings_previews", SESSION))[0])


def test_body_of_a_news_item_is_never_returned(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    fetch = fetches_for("news_items")[0]
    item = {"title": "样例", "summary": "正文", "showTime": "2024-10-31 09:00:00", "code": "1"}
    wire.get(
        "https://np-weblist.eastmoney.com/comm/web/getFastNewsList",
        body=as_json({"data": {"fastNewsList": [item]}}),
    )
    reply = client.call(fetch, fetch.plan(Request("news_items", SESSION))[0])
    assert sorted(reply.frame.columns) == sorted(["标题", "发布时间", "链接"])
