"""What a source call is: its declaration, its arguments, and the reply as received.

Nothing here knows how a call is made (``akshare_client``) or where its reply goes
(``yanbao.intake.landing``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

RawKind = Literal["text", "number", "date"]
Cadence = Literal["nightly", "weekly", "season", "backfill"]
WHOLE = "*"


@dataclass(frozen=True)
class RawColumn:
    """One column of a frame as the library returns it.

    ``kind`` is how the column lands. ``becomes`` is the column of the import format that
    staging fills with it, by a cast alone. ``is_day_in_words`` is set where text is landed
    that staging casts to a day; the client refuses a reply in which more than one cell in a
    thousand of such a column cannot be read. ``is_read`` is false for columns that no model
    reads: they must come, of whatever kind. ``is_optional`` columns may be absent: names that
    move with the calendar year.
    """

    name: str
    kind: RawKind
    becomes: str = ""
    is_day_in_words: bool = False
    is_read: bool = True
    is_optional: bool = False


def _columns(
    kind: RawKind, names: tuple[str, ...], becomes: Mapping[str, str]
) -> tuple[RawColumn, ...]:
    return tuple(
        RawColumn(name, kind, becomes.get(name, ""))
        for name in dict.fromkeys((*names, *becomes))
    )


def text(*names: str, **becomes: str) -> tuple[RawColumn, ...]:
    """Columns of text; ``名称="name"`` says that 名称 becomes our column name."""
    return _columns("text", names, becomes)


def number(*names: str, **becomes: str) -> tuple[RawColumn, ...]:
    return _columns("number", names, becomes)


def day(*names: str, **becomes: str) -> tuple[RawColumn, ...]:
    return _columns("date", names, becomes)


def day_in_words(*names: str, **becomes: str) -> tuple[RawColumn, ...]:
    return tuple(replace(column, is_day_in_words=True) for column in text(*names, **becomes))


def unread(*names: str) -> tuple[RawColumn, ...]:
    return tuple(replace(column, is_read=False) for column in text(*names))


def sometimes(*names: str) -> tuple[RawColumn, ...]:
    """Number columns of which a reply holds only the years it is about."""
    return tuple(replace(column, is_optional=True) for column in number(*names))


def renamed(columns: Sequence[RawColumn], **becomes: str) -> tuple[RawColumn, ...]:
    """The columns of a reply that fills other columns in another dataset."""
    return tuple(replace(column, becomes=becomes.get(column.name, "")) for column in columns)


def stamp(name: str) -> str:
    """SQL for what the plan stamped on the call."""
    return f"{{{{ call_argument('{name}') }}}}"


@dataclass(frozen=True)
class Request:
    """What a run wants of a dataset.

    ``day`` is the market day that the run is about. ``symbols`` are our codes; empty
    means the standing list or the whole market. ``since`` asks for history from
    that day on, which turns a nightly call into a back-fill. ``periods`` are report
    periods; empty means those that are due on ``day``: those in ``disclosing``, where the
    disclosure calendar decides, else those whose filing window is open. ``is_weekly`` asks
    the weekly fetches too. ``not_now`` says why lists without a date, which hold the moment
    of asking, cannot be asked for ``day``; empty where they can.
    """

    dataset: str
    day: date
    symbols: tuple[str, ...] = ()
    since: date | None = None
    periods: tuple[date, ...] = ()
    is_weekly: bool = False
    not_now: str = ""
    disclosing: tuple[date, ...] | None = None


@dataclass(frozen=True)
class Arguments:
    """One call of a plan.

    ``call`` goes to the library. ``stamp`` holds what the frame itself lacks and staging
    needs: our code for a per-symbol call, the trading day for an undated snapshot.
    ``answers`` names the parts of the dataset that a good reply settles, so that a
    fallback is asked only for what is still missing. ``beside`` changes arguments for a second
    call, whose columns stand beside those of the first, row by row of what both name: a
    function that gives one series a call.
    """

    call: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = (WHOLE,)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_stamped(self) -> bool:
        """Whether the call's day is ours and not the reply's."""
        return not {"day", "trade_date"}.isdisjoint(self.stamp)

    def recorded(self) -> dict[str, object]:
        """What the manifest and the ``_arguments`` column keep of the call."""
        second = {f"{name}_beside": value for name, value in self.beside.items()}
        return {**self.call, **second, **self.stamp}


@dataclass(frozen=True)
class Plan:
    """How a request becomes calls, and what holds for all of them.

    ``stamps`` are the names of what every call is stamped with. ``is_whole`` says that a call
    asks for everything there is on a day or of a period, and not for single codes.
    """

    calls: Callable[[Request], Sequence[Arguments]]
    stamps: tuple[str, ...] = ()
    is_whole: bool = False

    def __call__(self, request: Request) -> Sequence[Arguments]:
        return self.calls(request)


@dataclass(frozen=True)
class Fetch:
    """One function of an upstream for one dataset.

    ``host`` is the machine asked first. ``may_be_empty`` says that no rows is a true
    answer (a report period before its season, a day without ratings). ``announces`` is
    a pattern whose first group is the total that the upstream promises. ``unique_by``
    names the column that no two rows may share. ``dated_by``
    names the column that must reach the requested day. ``reads_html`` marks the few
    functions whose data are web pages. ``withheld`` columns are dropped before anything
    is written: bodies of news, which are not ours to keep. ``is_open`` frames bring
    further columns that differ from company to company; they land without a warning.

    The rest makes staging, of all fetches of a source for a dataset together; a source that
    says nothing of it has its staging by hand. ``columns`` say which becomes which of ours; a
    stamp of the plan becomes ours by its name, and one of a window cuts the rows to its days;
    ``computed`` is SQL for those of our columns that are more than a cast of one of theirs;
    ``keeps`` is the condition, in our columns, of the rows that stay; it judges the rows of
    every fetch that fills the same staging model.
    """

    dataset: str
    source: str
    function: str
    host: str
    columns: tuple[RawColumn, ...]
    plan: Plan
    cadence: Cadence = "nightly"
    deadline_seconds: float = 120.0
    may_be_empty: bool = False
    announces: str | None = None
    unique_by: str | None = None
    dated_by: str | None = None
    reads_html: bool = False
    withheld: tuple[str, ...] = ()
    is_open: bool = False
    computed: Mapping[str, str] = field(default_factory=dict)
    keeps: str = ""
    notes: str = ""

    @property
    def whole_market(self) -> bool:
        return self.plan.is_whole

    @property
    def label(self) -> str:
        return f"{self.source}.{self.function}"


@dataclass(frozen=True)
class Reply:
    """A frame exactly as the library returned it: all columns, original names; of two calls
    (see ``Arguments``) both side by side.

    ``announced_total`` is the row count that the upstream promised, where it does.
    ``requests`` counts HTTP requests, repeated tries included. ``warnings`` names added
    columns, ``answers`` the parts of the dataset that the call was to settle. A reply
    without rows is a true answer; anything else is an error.
    """

    source: str
    dataset: str
    function: str
    arguments: dict[str, object]
    frame: pd.DataFrame
    announced_total: int | None
    library_version: str
    host: str
    requests: int
    warnings: tuple[str, ...] = ()
    answers: tuple[str, ...] = (WHOLE,)
