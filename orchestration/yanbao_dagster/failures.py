"""Errors of a step as data: what a user can act on crosses Dagster as fields, not as text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster import DagsterEvent, Failure, JsonMetadataValue, MetadataValue

from yanbao.base.disk import disk_full
from yanbao.base.errors import YanbaoError

ERROR = "yanbao_error"


@contextmanager
def errors_as_data(home: Path | None = None) -> Iterator[None]:
    """Fail the step with the record of a YanbaoError; another try would end the same.

    With ``home``, an error of any library behind which its disk is full is told as that.
    """
    try:
        yield
    except YanbaoError as error:
        raise _failure(error) from error
    except Exception as error:
        full = disk_full(error, home) if home else None
        if full is None:
            raise
        raise _failure(full) from error


def _failure(error: YanbaoError) -> Failure:
    record = MetadataValue.json(error.record())
    return Failure(error.line(), metadata={ERROR: record}, allow_retries=False)


def error_of(failure: DagsterEvent) -> YanbaoError:
    """What a failed step reports; a failure that nobody foresaw names its step."""
    data = failure.step_failure_data
    given = data.user_failure_data.metadata.get(ERROR) if data.user_failure_data else None
    if isinstance(given, JsonMetadataValue) and isinstance(given.data, dict):
        return YanbaoError.from_record(given.data)
    error = data.error.cause or data.error if data.error else None
    return YanbaoError(
        " ".join(error.message.split())[:400] if error else "the step failed",
        where=f"step {failure.step_key}",
        hint="the last release stays current; make dev shows the step's log",
    )
