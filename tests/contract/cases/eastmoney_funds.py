"""Eastmoney funds: whole-market tables, scripts, and one page per fund."""

from datetime import date

from yanbao.sources.call import Request

from ..case import PAGE, SCRIPT, SESSION, Case, Sent
from ..replies import as_json, rank_table

RANK = "https://fund.eastmoney.com/data/rankhandler.aspx"
OPEN_FUND = (
    "001986,前海开源人工智能,QHKYRGZN,2024-10-31,1.52,1.62,1.27,2.1,8.34,21.12,19.12,10.5,"
    "-5.1,-20.3,12.9,52.0,2016-05-04,1,10.5,1.50%,0.15%,1,0.15%,1,52.0"
)
WITHOUT_NAV = "000000,样例未披露,YL,,,,,,,,,,,,,,2024-10-30,1,,1.50%,0.15%,1,0.15%,1,"
LISTED_FUND = (
    "159819,人工智能ETF,RGZNETF,2024-10-31,0.873,0.873,1.1,9.2,20.4,18.0,12.0,-3.0,-9.0,"
    "15.5,-12.7,2020-07-27,1,1,1,1,1,ETF-场内,1"
)
HISTORY = """
var fS_code = "001986";
var Data_netWorthTrend = [
 {"x":1722355200000,"y":1.1010,"equityReturn":0.10,"unitMoney":""},
 {"x":1730217600000,"y":1.5010,"equityReturn":0.52,"unitMoney":""},
 {"x":1730304000000,"y":1.5200,"equityReturn":1.27,"unitMoney":""}];
var Data_ACWorthTrend = [[1730217600000,1.6010]];
"""
FUNDS = [
    ["005962", "BYRGZN", "宝盈人工智能股票A", "股票型", "BAOYING"],
    ["005963", "BYRGZN", "宝盈人工智能股票C", "股票型", "BAOYING"],
    ["159819", "YFD", "易方达中证人工智能主题ETF", "指数型-股票", "YIFANGDA"],
]
OVERVIEW = """<html><body><table>
<tr><td>基金全称</td><td>宝盈人工智能</td><td>基金简称</td><td>宝盈人工智能股票A</td></tr>
<tr><td>资产规模</td><td>1,007.19亿元（截止至：2024年09月30日）</td><td>份额规模</td><td>6亿份</td></tr>
</table></body></html>"""
COLUMNS = ("fund_code", "nav_date", "nav", "nav_cumulative")

CASES = (
    Case(
        dataset="fund_navs",
        function="fund_open_fund_rank_em",
        sends=[Sent(RANK, rank_table([OPEN_FUND, WITHOUT_NAV]), SCRIPT)],
        announced=2,
        columns=COLUMNS,
        staged=[("001986.OF", date(2024, 10, 31), 1.52, 1.62)],
    ),
    Case(
        dataset="fund_navs",
        function="fund_exchange_rank_em",
        sends=[Sent(RANK, rank_table([LISTED_FUND]), SCRIPT)],
        announced=1,
        columns=COLUMNS,
        staged=[("159819.OF", date(2024, 10, 31), 0.873, 0.873)],
    ),
    Case(
        dataset="fund_navs",
        function="fund_open_fund_info_em",
        request=Request("fund_navs", SESSION, symbols=("001986.OF",)),
        sends=[
            Sent("https://fund.eastmoney.com/pingzhongdata/001986.js", HISTORY.encode(), SCRIPT)
        ],
        requests=2,
        columns=COLUMNS,
        staged=[
            ("001986.OF", date(2024, 10, 30), 1.501, 1.601),
            ("001986.OF", date(2024, 10, 31), 1.52, None),
        ],
    ),
    Case(
        dataset="funds",
        function="fund_name_em",
        sends=[
            Sent(
                "https://fund.eastmoney.com/js/fundcode_search.js",
                b"var r = " + as_json(FUNDS) + b";",
                SCRIPT,
            )
        ],
        columns=("fund_code", "fund_name", "fund_type", "share_class"),
        staged=[
            ("005962.OF", "宝盈人工智能股票A", "股票型", "A"),
            ("005963.OF", "宝盈人工智能股票C", "股票型", "C"),
            ("159819.OF", "易方达中证人工智能主题ETF", "指数型-股票", None),
        ],
    ),
    Case(
        dataset="fund_sizes",
        function="fund_overview_em",
        request=Request("fund_sizes", SESSION, symbols=("005962.OF",)),
        sends=[Sent("https://fundf10.eastmoney.com/jbgk_005962.html", OVERVIEW.encode(), PAGE)],
        columns=("fund_code", "as_of_date", "fund_size_cny", "size_basis"),
        staged=[("005962.OF", date(2024, 9, 30), 100_719_000_000.0, None)],
    ),
)
