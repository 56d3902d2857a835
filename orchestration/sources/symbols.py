"""What sources call the indices and overseas companies that the desk follows.

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
    symbol = f"{exchange.lower()}{number}"
    return IndexSymbol(f"{number}.{exchange}", eastmoney=symbol, sina=symbol)


def _csi(number: str) -> IndexSymbol:
    return IndexSymbol(f"{number}.CSI", eastmoney=f"csi{number}", csindex=number)


INDICES = (
    *(
        _exchange(n, "SH")
        for n in ("000001", "000016", "000300", "000688", "000852", "000905")
    ),
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
