"""A contract case: what is asked, what the upstream sends, and what must come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import responses

from yanbao.sources import SOURCES
from yanbao.sources.call import Arguments, Fetch, Request

SESSION = date(2024, 10, 31)
KLINES = "https://push2his.eastmoney.com/api/qt/stock/kline/get"
JSON = "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"
PAGE = "text/html; charset=utf-8"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sent:
    """One body at one address, whatever the query."""

    url: str
    body: bytes
    content_type: str = JSON
    method: str = "GET"
    status: int = 200
    matches: tuple[Callable[..., Any], ...] = ()


@dataclass(frozen=True)
class Case:
    """``staged`` holds rows of ``columns`` as staging must give them, sorted.

    ``arguments`` picks one call of the plan by its stamp or call values; the first is
    taken where it is empty. ``announced`` is the total read off the wire. ``prepare``
    replaces what is not HTTP by ``requests``; ``where`` narrows a long reply.
    """

    dataset: str
    function: str
    sends: Sequence[Sent]
    columns: tuple[str, ...]
    staged: Sequence[tuple[Any, ...]]
    requests: int = 1
    announced: int | None = None
    request: Request | None = None
    arguments: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[pytest.MonkeyPatch], None] | None = None
    where: str = "true"

    @property
    def fetch(self) -> Fetch:
        (found,) = (
            fetch
            for fetch in SOURCES
            if (fetch.dataset, fetch.function) == (self.dataset, self.function)
        )
        return found

    @property
    def id(self) -> str:
        return f"{self.dataset}-{self.function}"

    def chosen(self) -> Arguments:
        plan = self.fetch.plan(self.request or Request(self.dataset, SESSION))
        for arguments in plan:
            if self.arguments.items() <= arguments.recorded().items():
                return arguments
        raise AssertionError(f"{self.id}: the plan has no call with {self.arguments}")

    def register(self, mock: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch) -> None:
        if self.prepare:
            self.prepare(monkeypatch)
        for sent in self.sends:
            mock.add(
                sent.method,
                sent.url,
                body=sent.body,
                status=sent.status,
                content_type=sent.content_type,
                match=sent.matches,
            )
