"""The Chinese labels of core's columns: what report tables call them, else the word here."""

from __future__ import annotations

from functools import cache

from yanbao.catalog.marts import report_marts

# What no report table calls so, several call differently, or one means otherwise.
OWN: dict[str, str] = {
    "amount_number": "金额数字",
    "amount_scale": "金额量级",
    "amount_text": "金额原文",
    "announced_on": "公告日",
    "api": "接口",
    "app_type": "应用类型",
    "applies_to": "适用范围",
    "as_of_date": "快照日",
    "available_on": "可知日",
    "avg_visit_duration_seconds": "平均访问时长",
    "broker": "券商",
    "change_ratio": "涨跌幅",
    "changed_on": "变更日",
    "ci_minus": "置信下半宽",
    "ci_plus": "置信上半宽",
    "close": "收盘价",
    "company_profile": "公司简介",
    "company_type": "公司类型",
    "concept_code": "概念代码",
    "concept_name": "概念名称",
    "date": "日期",
    "delisted_on": "退市日",
    "direction": "预告类型",
    "disk_note": "硬盘说明",
    "distribution": "单位分红",
    "duration_wow_reported": "时长环比",
    "effective_from": "生效日",
    "eps": "每股收益",
    "established_on": "成立日",
    "ex_date": "除权日",
    "first_seen_at": "首次入库时间",
    "fiscal_label": "财季",
    "fiscal_year": "财年",
    "fixing_date": "中间价日",
    "fund_company": "基金公司",
    "fund_size_cny": "基金规模",
    "high": "最高价",
    "index_code": "指数代码",
    "indicator": "预告指标",
    "industry_code": "行业代码",
    "issuer": "发文机关",
    "kind": "实际或预测",
    "level": "层级",
    "level1": "一级行业",
    "level2": "二级行业",
    "level3": "三级行业",
    "listed_on": "上市日",
    "listing_code": "场内代码",
    "load_id": "批次",
    "low": "最低价",
    "market_cap": "总市值",
    "months": "月数",
    "name_from": "名称起始日",
    "nav_adjusted": "复权净值",
    "nav_cumulative": "累计净值",
    "nav_date": "净值日",
    "net_profit_attributable_ytd": "累计归母净利润",
    "net_profit_deducted_ytd": "累计扣非净利润",
    "net_profit_ytd": "累计净利润",
    "new_code": "新代码",
    "old_code": "旧代码",
    "open": "开盘价",
    "operating_revenue_ytd": "累计营业收入",
    "pb": "市净率",
    "planned_on": "预约披露日",
    "price_cny_per_hour": "每小时价格",
    "price_new": "新品价",
    "price_usd_per_million_tokens": "百万 token 价格",
    "price_used": "二手价",
    "price_wow_reported": "价格环比",
    "printed_from": "表格起始日",
    "printed_to": "表格截止日",
    "published_on": "发布日",
    "rank": "排名",
    "rank_style_control": "风格控制后排名",
    "rate": "中间价",
    "reason": "依据",
    "reference_close": "前收盘价（除权）",
    "reused_from": "旧代码另用日",
    "revenue_ytd": "累计营业总收入",
    "score": "得分",
    "score_kind": "得分来源",
    "share_class": "份额类别",
    "shares_after": "变动后股数",
    "shares_before": "变动前股数",
    "size_basis": "规模口径",
    "statement_kind": "报表类型",
    "status": "上市状态",
    "store": "应用商店",
    "target_price": "目标价",
    "tenor": "期限",
    "updated_on": "更新日",
    "valuation_text": "估值原文",
    "value_high_cny": "预告上限",
    "value_low_cny": "预告下限",
    "version": "版本",
    "visits": "访问量",
    "visits_wow_reported": "访问量环比",
    "volume_shares": "成交量",
    "weight_pct": "权重",
    "yield_pct": "收益率",
}


def core_label(name: str) -> str:
    """The label of a column of core; empty where none is known, or report tables differ."""
    told = {OWN[name]} if name in OWN else _labels_of_marts().get(name, set())
    return next(iter(told)) if len(told) == 1 else ""


@cache
def _labels_of_marts() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mart in report_marts().values():
        for name, column in mart.columns.items():
            found.setdefault(name, set()).add(column.label_zh)
    return found
