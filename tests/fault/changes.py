"""What can go wrong with one answer of an upstream: each makes a fault of a good reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.contract.stand_in import Asked, Response

from .small_market import Fault

CAPTCHA = "<!DOCTYPE html><html><title>访问验证</title>" + "x" * 200 + "</html>"


def status(code: int, body: str = "") -> Fault:
    return lambda asked, sent: Response(body.encode(), status=code)


def page(text: str = CAPTCHA) -> Fault:
    """A web page with status 200 in place of data."""
    return lambda asked, sent: Response(text.encode(), content_type="text/html; charset=utf-8")


def edited(change: Callable[[Any], Any]) -> Fault:
    """The same reply with its JSON changed in place, or replaced by what ``change`` gives."""

    def fault(asked: Asked, sent: Response) -> Response:
        content = json.loads(sent.body)
        changed = change(content)
        body = json.dumps(content if changed is None else changed, ensure_ascii=False)
        return replace(sent, body=body.encode())

    return fault


def quotes(change: Callable[[list[dict[str, Any]]], Any]) -> Fault:
    """A page of Eastmoney's quote list with its rows changed; some pages key them."""

    def apply(content: Any) -> None:
        rows = content["data"]["diff"]
        changed = change([*rows.values()] if isinstance(rows, dict) else rows)
        content["data"]["diff"] = rows if changed is None else changed

    return edited(apply)


def times(factor: float, *fields: str) -> Fault:
    """Fields of every row of a quote list in another unit."""

    def apply(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row.update({name: row[name] * factor for name in fields})

    return quotes(apply)


def cell(field: str, value: object, *, rows: int = 1) -> Fault:
    """The first rows of a quote list with another cell."""

    def apply(found: list[dict[str, Any]]) -> None:
        for row in found[:rows]:
            row[field] = value

    return quotes(apply)


def only_on_page(number: int, fault: Fault) -> Fault:
    def apply(asked: Asked, sent: Response) -> Response:
        return fault(asked, sent) if asked.query.get("pn") == f"{number}" else sent

    return apply


def of_another(answer: Callable[[Asked], bytes]) -> Fault:
    """Another body altogether, such as yesterday's."""
    return lambda asked, sent: Response(answer(asked))


def records(change: Callable[[list[dict[str, Any]]], Any]) -> Fault:
    """A page of Eastmoney's data centre with its records changed; the count follows."""

    def apply(content: Any) -> None:
        change(content["result"]["data"])
        content["result"]["count"] = len(content["result"]["data"])

    return edited(apply)
