"""Smaller and second upstreams: CNINFO, 10jqka, legulegu, Tencent, SAFE, the bundle."""

import io
import types
import urllib.request
from datetime import date

import pytest

from yanbao.sources.call import Request

from ..case import PAGE, SESSION, Case, Sent
from ..replies import as_json, workbook

RATING = {
    "SECNAME": "科大讯飞", "DECLAREDATE": "2024-10-31", "F002V": "买入", "F003V": "维持",
    "F004N": 60.0, "F005V": "否", "F006V": "买入", "F007V": "样例分析师", "F008V": "样例证券",
    "F009N": 50.0, "SECCODE": "002230",
}  # fmt: skip
DISCLOSURE = {
    "seccode": "002230", "secname": "科大讯飞", "f002d": "2024-10-22", "f006d": "2024-10-22",
    "f003d": None, "f004d": None, "f005d": None, "f001d": "2024-09-30", "x": None, "orgid": "9",
}  # fmt: skip
INDUSTRY = """<html><body><div id="level1Items">
<div class="lg-industries-item-chinese-title">801750.SI</div>
<div class="lg-industries-item-number">计算机(337)</div>
<div class="lg-sw-industries-item-value"><span class="value">70.10</span>
<span class="value">82.56</span><span class="value">3.75</span>
<span class="value">0.50</span></div></div></body></html>"""
SHENZHEN_DAY = [
    "2024-10-31",
    "10.10",
    "10.50",
    "10.60",
    "10.00",
    "2000",
    {},
    "0.8",
    "208.0",
    "",
]
SAFE = "https://www.safe.gov.cn"
SAFE_LINK = '<a href="/safe/file/x.xlsx">人民币汇率中间价</a>'
TODAY = """<table><tr><th>日期</th><th>美元</th><th>欧元</th></tr>
<tr><td>2024-10-31</td><td>712.50</td><td>773.10</td></tr></table>"""


class Page(io.BytesIO):
    """What urlopen gives: a stream with headers."""

    headers: dict[str, str] = {}  # noqa: RUF012 - as on the real object


def workbook_of_parities(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history is opened by pandas through urllib, which ``responses`` cannot see."""
    content = workbook(["日期", "美元", "欧元"], ["2024-10-30", 713.9, 772.0])
    opener = types.SimpleNamespace(open=lambda *_: Page(content))
    monkeypatch.setattr(urllib.request, "build_opener", lambda: opener)


CASES = (
    Case(
        dataset="trading_days",
        function="futures.cons.get_calendar",
        sends=[],
        requests=0,
        columns=("market", "trade_date"),
        where="trade_date between date '2024-09-30' and date '2024-10-09'",
        staged=[
            ("CN", date(2024, 9, 30)),
            ("CN", date(2024, 10, 8)),
            ("CN", date(2024, 10, 9)),
        ],
    ),
    Case(
        dataset="ratings",
        function="stock_rank_forecast_cninfo",
        sends=[
            Sent(
                "http://webapi.cninfo.com.cn/api/sysapi/p_sysapi1089",
                as_json({"records": [RATING, {**RATING, "SECCODE": "200001"}]}),
                method="POST",
            )
        ],
        columns=("code", "broker", "rated_on", "rating", "target_price", "currency"),
        staged=[("002230.SZ", "样例证券", SESSION, "买入", 55.0, "CNY")],
    ),
    Case(
        dataset="disclosure_dates",
        function="stock_report_disclosure",
        sends=[
            Sent(
                "http://www.cninfo.com.cn/new/information/getPrbookInfo",
                as_json({"prbookinfos": [DISCLOSURE]}),
                method="POST",
            )
        ],
        columns=("code", "report_period", "planned_on", "announced_on"),
        staged=[
            ("002230.SZ", date(2024, 9, 30), date(2024, 10, 22), date(2024, 10, 22)),
        ],
    ),
    Case(
        dataset="news_items",
        function="stock_info_global_ths",
        sends=[
            Sent(
                "https://news.10jqka.com.cn/tapp/news/push/stock",
                as_json(
                    {
                        "data": {
                            "list": [
                                {
                                    "title": "样例快讯",
                                    "digest": "正文不入库",
                                    "rtime": "1730368800",
                                    "url": "https://news.10jqka.com.cn/1.shtml",
                                }
                            ]
                        }
                    }
                ),
            )
        ],
        columns=("published_on", "headline", "publisher"),
        staged=[(date(2024, 10, 31), "样例快讯", "同花顺")],
    ),
    Case(
        dataset="index_valuations",
        function="sw_index_first_info",
        sends=[
            Sent("https://legulegu.com/stockdata/sw-industry-overview", INDUSTRY.encode(), PAGE)
        ],
        columns=("index_code", "as_of_date", "method", "pe_ttm", "pb"),
        staged=[("801750.SI", SESSION, "as_printed", 82.56, 3.75)],
    ),
    Case(
        dataset="a_share_bars",
        function="stock_zh_a_hist_tx",
        request=Request("a_share_bars", SESSION, symbols=("000001.SZ",)),
        sends=[
            Sent(
                "https://web.ifzq.gtimg.cn/other/klineweb/klineWeb/weekTrends",
                b"trend_qfq=" + as_json({"data": [["2024-01-02", "9.4"]]}),
            ),
            Sent(
                "https://proxy.finance.qq.com/ifzqgtimg/appstock/app/newfqkline/get",
                b"kline_day2024="
                + as_json({"code": 0, "data": {"sz000001": {"day": [SHENZHEN_DAY]}}}),
            ),
        ],
        requests=2,
        columns=("code", "trade_date", "open", "close", "volume_shares", "amount_cny"),
        staged=[("000001.SZ", SESSION, 10.1, 10.5, 200_000.0, 2_080_000.0)],
    ),
    Case(
        dataset="fx_fixings",
        function="currency_boc_safe",
        sends=[
            Sent(
                f"{SAFE}/safe/2020/1218/17833.html",
                SAFE_LINK.encode(),
                PAGE,
            ),
            Sent(f"{SAFE}/AppStructured/hlw/RMBQuery.do", TODAY.encode(), PAGE, method="POST"),
        ],
        prepare=workbook_of_parities,
        requests=4,  # pandas opens the workbook twice: to sniff it and to read it
        columns=("pair", "fixing_date", "rate"),
        staged=[
            ("USDCNY", date(2024, 10, 30), 7.139),
            ("USDCNY", date(2024, 10, 31), 7.125),
        ],
    ),
)
