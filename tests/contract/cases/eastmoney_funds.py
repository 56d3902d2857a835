"""Eastmoney funds: two whole-market tables, and the script of one fund's history."""

from datetime import date

from contract.case import SCRIPT, SESSION, Case, Sent
from contract.replies import rank_table
from orchestration.sources.call import Request

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
var Data_ACWorthTrend = [[1730217600000,1.5010],[1730304000000,1.5200]];
"""
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
            Sent(
                "https://fund.eastmoney.com/pingzhongdata/001986.js",
                HISTORY.encode(),
                SCRIPT,
            )
        ],
        columns=COLUMNS,
        staged=[
            ("001986.OF", date(2024, 10, 30), 1.501, None),
            ("001986.OF", date(2024, 10, 31), 1.52, None),
        ],
    ),
)
