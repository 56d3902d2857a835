"""What a raw failure of the library means: no rows, an upstream that is down, or a change.

akshare raises bare ``TypeError``, ``KeyError`` and ``ValueError`` for all three; the last
reply on the wire shows which of them it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yanbao.base.errors import SourceSchemaError, SourceUnavailableError
from yanbao.sources.traffic import excerpt

if TYPE_CHECKING:
    from yanbao.sources.call import Fetch

NO_ROWS = (b'"code":9201', "返回数据为空".encode())
LIBRARY_ERRORS = ("APIError", "NetworkError", "RateLimitError", "DataParsingError")
STALE_HINT = "the last good data serve, marked stale; try again later"
CHANGED_HINT = "the upstream changed; see the contract test of this function"


@dataclass(frozen=True)
class Failure:
    """A failed call as the worker reports it; ``kind`` is where it went wrong."""

    kind: Literal["wire", "parser", "deadline", "worker"]
    message: str
    exception: str = ""
    banned: bool = False
    body: str = ""


def means_no_rows(fetch: Fetch, failure: Failure) -> bool:
    """Whether the upstream really answered that there is nothing, where that may be true."""
    if not fetch.may_be_empty or failure.kind != "parser":
        return False
    is_empty = any(mark in failure.body.encode() for mark in NO_ROWS)
    return is_empty or "expected axis has 0 elements" in failure.message.lower()


def as_error(fetch: Fetch, failure: Failure) -> SourceSchemaError | SourceUnavailableError:
    """The error that a user meets for a failed call, with the head of what came instead."""
    error = _as_error(fetch, failure)
    if not fetch.withheld:
        error.received = failure.body
    return error


def _as_error(fetch: Fetch, failure: Failure) -> SourceSchemaError | SourceUnavailableError:
    if failure.kind != "parser":
        why = failure.message
    elif failure.body.lstrip().startswith("<"):
        why = f"not data: {excerpt(failure.body.encode())}"
    elif failure.exception in LIBRARY_ERRORS:
        why = failure.message
    elif "'NoneType' object is not subscriptable" in failure.message:
        why = "the upstream answered without data (throttled, or nothing published yet)"
    else:
        return SourceSchemaError(
            f"the reply does not fit the parser: {failure.exception}: {failure.message}",
            where=fetch.label,
            hint=CHANGED_HINT,
        )
    return SourceUnavailableError(why, where=fetch.label, hint=STALE_HINT)
