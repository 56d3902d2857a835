"""The three exchanges: JSON, workbooks, and JSON in a wrapper."""

from datetime import date

from ..case import BOOK, Case, Sent
from ..replies import as_json, by_position, workbook

SSE = "https://query.sse.com.cn"
SZSE = "https://www.szse.cn/api/report/ShowReport"
COLUMNS = ("code", "name", "listed_on", "delisted_on", "status", "name_from")


def shanghai(code: str, name: str, listed: str, **more: str) -> dict[str, str]:
    return {
        "A_STOCK_CODE": code,
        "COMPANY_CODE": code,
        "SEC_NAME_CN": name,
        "SEC_NAME_FULL": name,
        "COMPANY_ABBR": name,
        "FULL_NAME": f"{name}股份有限公司",
        "LIST_DATE": listed,
        **more,
    }


LISTED_SZ = [
    ["主板", f"{number}", f"样例{number}", "1991-04-03", "19,405,918,198", "1", "J 金融业"]
    for number in range(1, 12)
]

CASES = (
    Case(
        dataset="securities",
        function="stock_info_sh_name_code",
        arguments={"symbol": "主板A股"},
        sends=[
            Sent(
                f"{SSE}/sseQuery/commonQuery.do",
                as_json(
                    {
                        "result": [shanghai("600519", "贵州茅台", "20010827")],
                        "pageHelp": {"total": 1},
                    }
                ),
            )
        ],
        announced=1,
        columns=COLUMNS,
        staged=[("600519.SH", "贵州茅台", date(2001, 8, 27), None, "L", None)],
    ),
    Case(
        dataset="securities",
        function="stock_info_sh_delist",
        sends=[
            Sent(
                f"{SSE}/commonQuery.do",
                as_json(
                    {
                        "result": [
                            shanghai("600001", "样例退市", "19980122", DELIST_DATE="20091229"),
                            shanghai("900901", "样例B股", "19920221", DELIST_DATE="20200101"),
                        ],
                        "pageHelp": {"total": 2},
                    }
                ),
            )
        ],
        announced=2,
        columns=COLUMNS,
        staged=[
            ("600001.SH", "样例退市", date(1998, 1, 22), date(2009, 12, 29), "D", None),
        ],
    ),
    Case(
        dataset="securities",
        function="stock_info_sz_name_code",
        sends=[
            Sent(
                SZSE,
                workbook(
                    [
                        "板块",
                        "A股代码",
                        "A股简称",
                        "A股上市日期",
                        "A股总股本",
                        "A股流通股本",
                        "所属行业",
                    ],
                    *LISTED_SZ,
                ),
                BOOK,
            )
        ],
        columns=COLUMNS,
        staged=[
            (f"{n:06d}.SZ", f"样例{n}", date(1991, 4, 3), None, "L", None) for n in range(1, 12)
        ],
    ),
    Case(
        dataset="securities",
        function="stock_info_sz_delist",
        sends=[
            Sent(
                SZSE,
                workbook(
                    ["证券代码", "证券简称", "上市日期", "终止上市日期"],
                    ["000003", "PT样例", "1991-01-14", "2002-06-14"],
                ),
                BOOK,
            )
        ],
        columns=COLUMNS,
        staged=[
            ("000003.SZ", "PT样例", date(1991, 1, 14), date(2002, 6, 14), "D", None),
        ],
    ),
    Case(
        dataset="securities",
        function="stock_info_sz_change_name",
        sends=[
            Sent(
                SZSE,
                workbook(
                    ["变更日期", "证券代码", "证券简称", "变更前简称", "变更后简称"],
                    ["2020-05-06", "000004", "样例科技", "*ST样例", "样例科技"],
                    ["2018-05-02", "000004", "样例科技", "样例生化", "*ST样例"],
                ),
                BOOK,
            )
        ],
        columns=COLUMNS,
        staged=[
            ("000004.SZ", "样例生化", None, None, None, date(1990, 12, 1)),
            ("000004.SZ", "*ST样例", None, None, None, date(2018, 5, 2)),
            ("000004.SZ", "样例科技", None, None, None, date(2020, 5, 6)),
        ],
    ),
    Case(
        dataset="securities",
        function="stock_info_bj_name_code",
        sends=[
            Sent(
                "https://www.bse.cn/nqxxController/nqxxCnzq.do",
                b"null("
                + as_json(
                    [
                        {
                            "totalPages": 1,
                            "totalElements": 1,
                            "content": [
                                by_position(
                                    48, {0: "20201120", 36: 1e8, 38: "920001", 40: "样例北交"}
                                )
                            ],
                        }
                    ]
                )
                + b")",
                method="POST",
            )
        ],
        requests=2,
        announced=1,
        columns=COLUMNS,
        staged=[("920001.BJ", "样例北交", date(2020, 11, 20), None, "L", None)],
    ),
)
