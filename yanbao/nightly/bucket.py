"""A bucket of an S3-compatible object store, through obstore: the library's one home.

Its errors become ours by their kind alone, for their words may hold keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from yanbao.base.durable import fsync_file
from yanbao.base.errors import YanbaoError
from yanbao.base.faults import fault_point
from yanbao.base.settings import Settings, secret

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

SETTING = "YANBAO_STORE"
# What the library is told. The environment it reads by itself; `.env` it does not know.
KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)
TRIES = 4


class StoreError(YanbaoError):
    """The object store did not do what it was asked for."""


class Bucket:
    """The objects below the address of the setting: keys are relative to it."""

    def __init__(self, settings: Settings) -> None:
        self._address = secret(settings, SETTING)
        self._config = {key: secret(settings, key) for key in KEYS if secret(settings, key)}

    def listed(self, prefix: str) -> dict[str, int]:
        """The sizes of the objects below a prefix, by key."""
        with _answering():
            pages = self._store.list(prefix)
            return {one["path"]: one["size"] for page in pages for one in page}

    def read(self, key: str) -> bytes | None:
        """The content of an object; None where there is none."""
        found = self.read_tagged(key)
        return found and found[0]

    def read_tagged(self, key: str) -> tuple[bytes, str] | None:
        """The content of an object, and the tag of this version of it."""
        fault_point("store.before_read")
        with _answering():
            try:
                found = self._store.get(key)
            except FileNotFoundError:
                return None
            return bytes(found.bytes()), str(found.meta["e_tag"])

    def download(self, key: str, path: Path) -> None:
        """Write an object to a new file, durably."""
        fault_point("store.before_read")
        with path.open("xb") as file, _answering():
            for chunk in self._store.get(key).stream():
                file.write(chunk)
        fsync_file(path)

    def put(self, key: str, content: Path | bytes) -> None:
        """Write an object: it is there whole, or not at all."""
        fault_point("store.before_put")
        with _answering():
            self._store.put(key, content)

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        """Write an object on the condition that the version with the tag still stands, or, with
        None, that there is none; False where that is not so.
        """
        fault_point("store.before_put")
        store = self._store
        from obstore.exceptions import AlreadyExistsError, PreconditionError  # noqa: PLC0415

        with _answering():
            try:
                store.put(key, content, mode={"e_tag": tag} if tag else "create")
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def copy(self, key: str, target: str) -> None:
        """Have the store copy an object within itself."""
        fault_point("store.before_put")
        with _answering():
            self._store.copy(key, target)

    @cached_property
    def _store(self) -> S3Store:
        try:
            from obstore.exceptions import BaseError  # noqa: PLC0415
            from obstore.store import S3Store  # noqa: PLC0415
        except ImportError:
            hint = "pip install 'yanbao[store]'"
            raise StoreError("obstore is not installed", where=SETTING, hint=hint) from None
        is_plain = self._config.get("AWS_ENDPOINT_URL", "").startswith("http://")
        try:
            return S3Store.from_url(
                self._address,
                config=cast("S3Config", self._config),
                client_options={"allow_http": is_plain},
                retry_config={"max_retries": TRIES - 1},
            )
        except (ValueError, BaseError):
            raise StoreError(
                "the address or its keys are incomplete",
                where=SETTING,
                hint=f"set it as s3://BUCKET/FOLDER, with {', '.join(KEYS[:2])}",
            ) from None


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        is_theirs = type(error).__module__.startswith("obstore")
        if not is_theirs and not isinstance(error, FileNotFoundError):
            raise
        raise StoreError(
            f"the object store does not answer as it should: {type(error).__name__}",
            where=SETTING,
            hint="correct the address or the AWS_ settings, or wait for it; then run again",
        ) from None
