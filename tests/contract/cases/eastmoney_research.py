"""Eastmoney research: consensus by position, boards by field number, news without bodies."""

from datetime import date

from responses.matchers import query_param_matcher

from ..case import SESSION, Case, Sent
from ..replies import as_json, by_position, data_centre, quote_list, quote_row

WEB = "https://datacenter-web.eastmoney.com/api/data/v1/get"
BOARD_FIELDS = (
    "f2,f3,f4,f8,f12,f14,f15,f16,f17,f18,f20,f21,f24,f25,f22,f33,f11,f62,f128,f124,f107,f104,"
    "f105,f136"
)
MEMBER_FIELDS = (
    "f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f12,f13,f14,f15,f16,f17,f18,f20,f21,f23,f24,f25,f22,f11,"
    "f62,f128,f136,f115,f152,f45"
)


def forecast(code: str, *eps: float | None) -> dict[str, object]:
    """Years stand at places 9, 12, 15 and 18 with their EPS two places on."""
    fields = by_position(31, {1: code, 2: "样例", 3: 12, 4: 10, 5: 2, 6: 0, 7: 0, 8: 0})
    names = list(fields)
    for place, (year, value) in enumerate(zip(range(2023, 2027), eps), start=1):
        fields[names[8 + 3 * place]] = value
        fields = {
            (f"YEAR{place}" if name == names[6 + 3 * place] else name): cell
            for name, cell in fields.items()
        }
        fields[f"YEAR{place}"] = year
        names = list(fields)
    return fields


CASES = (
    Case(
        dataset="eps_forecasts",
        function="stock_profit_forecast_em",
        sends=[
            Sent(
                WEB,
                data_centre(
                    [
                        forecast("002230", 0.28, 0.31, 0.45, 0.6),
                        forecast("688111", 2.86, 3.4, None, None),
                    ]
                ),
            )
        ],
        requests=2,
        announced=2,
        columns=("code", "fiscal_year", "as_of_date", "provider", "eps", "kind"),
        staged=[
            ("002230.SZ", 2023, SESSION, "eastmoney", 0.28, None),
            ("002230.SZ", 2024, SESSION, "eastmoney", 0.31, "E"),
            ("002230.SZ", 2025, SESSION, "eastmoney", 0.45, "E"),
            ("002230.SZ", 2026, SESSION, "eastmoney", 0.6, "E"),
            ("688111.SH", 2023, SESSION, "eastmoney", 2.86, None),
            ("688111.SH", 2024, SESSION, "eastmoney", 3.4, "E"),
        ],
    ),
    Case(
        dataset="concept_members",
        function="stock_board_concept_cons_em",
        arguments={"symbol": "人工智能"},
        sends=[
            Sent(
                "https://79.push2.eastmoney.com/api/qt/clist/get",
                quote_list([quote_row(BOARD_FIELDS, f12="BK0800", f14="人工智能")], total=1),
            ),
            Sent(
                "https://29.push2.eastmoney.com/api/qt/clist/get",
                quote_list(
                    [
                        quote_row(MEMBER_FIELDS, f12="002230", f14="科大讯飞", f2=45.6),
                        quote_row(MEMBER_FIELDS, f12="900901", f14="样例B股", f2=0.5),
                    ],
                    total=2,
                ),
                matches=(query_param_matcher({"fs": "b:BK0800 f:!50"}, strict_match=False),),
            ),
        ],
        requests=2,
        announced=2,
        columns=("concept_code", "concept_name", "code", "as_of_date"),
        staged=[("人工智能", "人工智能", "002230.SZ", SESSION)],
    ),
    Case(
        dataset="news_items",
        function="stock_info_global_em",
        sends=[
            Sent(
                "https://np-weblist.eastmoney.com/comm/web/getFastNewsList",
                as_json(
                    {
                        "data": {
                            "fastNewsList": [
                                {
                                    "title": "样例：工信部发布指引",
                                    "summary": "正文不入库",
                                    "showTime": "2024-10-31 23:59:00",
                                    "code": "202410310001",
                                }
                            ]
                        }
                    }
                ),
            )
        ],
        columns=("section", "published_on", "headline", "publisher", "url"),
        staged=[
            (
                "快讯",
                date(2024, 10, 31),
                "样例：工信部发布指引",
                "东方财富",
                "https://finance.eastmoney.com/a/202410310001.html",
            )
        ],
    ),
)
