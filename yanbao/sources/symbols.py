"""What sources call the indices and overseas companies that reports follow.

Our code is the key everywhere; a source's spelling never leaves its calls.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IndexSymbol:
    """One index at each upstream; empty where the upstream has no series for it."""

    index_code: str
    eastmoney: str = ""
    sina: str = ""
    csindex: str = ""
    swsresearch: str = ""
    eastmoney_overseas: str = ""

    @property
    def market(self) -> str:
        return {"GI": "US", "HI": "HK"}.get(self.index_code.rpartition(".")[2], "CN")


def _exchange(number: str, exchange: str) -> IndexSymbol:
    """China Securities Index publishes Shanghai's indices too, under the bare number."""
    symbol = f"{exchange.lower()}{number}"
    csindex = number if exchange == "SH" else ""
    return IndexSymbol(f"{number}.{exchange}", eastmoney=symbol, sina=symbol, csindex=csindex)


def _csi(number: str) -> IndexSymbol:
    return IndexSymbol(f"{number}.CSI", eastmoney=f"csi{number}", csindex=number)


INDICES = (
    *(_exchange(n, "SH") for n in ("000001", "000016", "000300", "000688", "000852", "000905")),
    *(_exchange(n, "SZ") for n in ("399001", "399006", "399317")),
    IndexSymbol("000922.CSI", eastmoney="sh000922", sina="sh000922", csindex="000922"),
    *(_csi(n) for n in ("000985", "930651", "930713", "930851", "931071", "931160")),
    *(_csi(n) for n in ("H30184", "H30590")),
    IndexSymbol("801750.SI", swsresearch="801750"),
    IndexSymbol("HSI.HI", sina="HSI", eastmoney_overseas="HSI"),
    IndexSymbol("HSTECH.HI", sina="HSTECH", eastmoney_overseas="HSTECH"),
    IndexSymbol("SPX.GI", sina=".INX", eastmoney_overseas="标普500"),
    IndexSymbol("IXIC.GI", sina=".IXIC", eastmoney_overseas="纳斯达克"),
    IndexSymbol("DJI.GI", sina=".DJI", eastmoney_overseas="道琼斯"),
    IndexSymbol("NDX.GI", sina=".NDX"),
    IndexSymbol("SOX.GI"),
)
INDEX_BY_CODE = {symbol.index_code: symbol for symbol in INDICES}


def market_of(code: str) -> str:
    """HK of 0700.HK, US of NVDA.O; empty for any other code."""
    return {"HK": "HK", "O": "US", "N": "US", "A": "US"}.get(code.rpartition(".")[2], "")


def source_ticker(code: str) -> str:
    """NVDA of NVDA.O; 00700, the five digits of Hong Kong, of 0700.HK."""
    symbol, _, suffix = code.rpartition(".")
    return symbol.zfill(5) if suffix == "HK" else symbol


def eastmoney_us_symbol(code: str) -> str:
    """105.NVDA: Eastmoney's number of the venue, then the ticker."""
    ticker, _, suffix = code.rpartition(".")
    return f"{US_VENUES[suffix]}.{ticker}"


US_VENUES = {"O": "105", "N": "106", "A": "107"}

# The overseas companies that reports follow, with their names as printed.
COMPANIES = {
    "AAPL.O": "苹果",
    "MSFT.O": "微软",
    "NVDA.O": "英伟达",
    "AMZN.O": "亚马逊",
    "GOOGL.O": "谷歌-A",
    "META.O": "Meta",
    "TSLA.O": "特斯拉",
    "QCOM.O": "高通",
    "ARM.O": "Arm",
    "BIDU.O": "百度",
    "0020.HK": "商汤-W",
    "0268.HK": "金蝶国际",
    "0700.HK": "腾讯控股",
    "0981.HK": "中芯国际",
    "2158.HK": "医渡科技",
    "9888.HK": "百度集团-SW",
    "9988.HK": "阿里巴巴-W",
}
