"""The small market of a simulation, with a ledger of what it told.

Two indices are told with the closes of the last six sessions, some of them restated since;
the list of shares with today's closes alone. A fault is laid over an address; what comes from
there is no telling. The ledger is for the oracle, which trusts nothing that the product says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.contract.sina_klc import Bar
from tests.contract.stand_in import Asked, Response
from tests.fault.changes import edited, only_on_page, page, status, times
from tests.fault.small_market import Fault, SmallMarket, sessions_back

INDICES = ("000300.SH", "930713.CSI")
A_SHARES, SINA = "82.push2.eastmoney.com", "vip.stock.finance.sina.com.cn"
LISTS = {A_SHARES: 2, f"{SINA}/quotes_service/api/json_v2.php/Market_Center.getHQNodeData": 2}
HALF = 65
Key = tuple[str, date]


def yesterday_again(asked: Asked, told: Response) -> Response:
    """Yesterday's list as it was, which bears yesterday's date."""
    day = _day_of(told)
    return Response(SmallMarket(day=sessions_back(day, 2)[0])(asked).body) if day else told


def _day_of(told: Response) -> date | None:
    text = told.body.decode(errors="replace")
    stamp = text.partition('"f297":')[2].strip()[:8]
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:])) if stamp.isdigit() else None


def _cut(content: dict[str, dict[str, list[object]]]) -> None:
    content["data"]["diff"] = content["data"]["diff"][:HALF]


def _closes_times_ten(content: dict[str, dict[str, list[str]]]) -> None:
    def scaled(row: str) -> str:
        day, *prices = row.split(",")
        return ",".join([day, *(f"{float(one) * 10:.4f}" for one in prices[:4]), *prices[4:]])

    content["data"]["klines"] = [scaled(row) for row in content["data"]["klines"]]


SHARE_TROUBLES: dict[str, Fault] = {
    "banned": status(403),
    "rate limit": status(429),
    "down": status(503),
    "a captcha": page(),
    "half the rows": only_on_page(1, edited(_cut)),
    "prices of another unit": times(100, "f2", "f15", "f16", "f17", "f18"),
    "yesterday again": yesterday_again,
}
INDEX_TROUBLES: dict[str, Fault] = {
    "banned": status(403),
    "down": status(503),
    "a captcha": page(),
    "points of another unit": edited(_closes_times_ten),
}


@dataclass
class SimulatedMarket(SmallMarket):
    """``told`` and ``lists`` are what the current try of a night was told.

    ``is_late``: tonight's bar of the indices is not there yet. ``restated`` is added to the
    close of a past day.
    """

    past: int = 6
    is_late: bool = False
    restated: dict[date, float] = field(default_factory=dict)
    told: list[tuple[Key, float]] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Response:
        response = super().__call__(asked)
        query = "&".join(f"{name}={value}" for name, value in asked.query.items())
        address = f"{asked.host}{asked.path}?{query}"
        if not any(place in address for place in self.faults):
            self._note(address, asked)
        return response

    def _note(self, address: str, asked: Asked) -> None:
        for code in INDICES:
            if code.partition(".")[0] in address:
                self.note_index(code)
        for place in LISTS:
            if address.startswith(f"{place}?") or asked.host == place:
                number = asked.query.get("pn") or asked.query.get("page", "")
                self.lists.append((place, number))

    def note_index(self, code: str) -> None:
        self.told += [((code, day), close) for day, _, _, _, close, _ in self._bars()]

    def whole_list(self) -> bool:
        """Whether one source told every page of the list of shares."""
        return any(
            {number for place, number in self.lists if place == one} >= {"1", "2"}
            for one in LISTS
        )

    def forget(self) -> None:
        """Begin another try."""
        self.told, self.lists = [], []

    def share_closes(self, day: date) -> dict[str, float]:
        """What is true of a day."""
        return {self._share_code(n): self.price(n, day) for n in range(self.shares)}

    def _bars(self) -> list[Bar]:
        days = self._days()
        return [self._bar(day) for day in (days[:-1] if self.is_late else days)]

    def _bar(self, day: date) -> Bar:
        day, opened, high, low, close, volume = super()._bar(day)
        return (day, opened, high, low, round(close + self.restated.get(day, 0), 4), volume)
