"""What dbt finds in its own store when a person starts it: raw relations and the day.

A plugin of dbt-duckdb, named in ``profiles.yml`` for the target ``dev``. The store of the
nightly run is never touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import load_settings
from yanbao.raw.zone import RawZone
from yanbao.releases.adhoc import released_parameters
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.store import has_table, set_run_parameters

if TYPE_CHECKING:
    import duckdb


class Plugin(BasePlugin):
    """Lets staging read every good load of the state folder, not only the pending ones."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        settings = load_settings()
        try:
            release = ReleaseStore(settings.releases).current()
            loads = [one for one in RawZone(settings.raw).loads() if one.status == "good"]
        except YanbaoError as error:
            raise DbtRuntimeError(error.line()) from None
        conn.execute("create schema if not exists raw")
        point_at(conn, loads)
        # The day of the release, until a person writes another one.
        if not has_table(conn, "main", "run_parameters"):
            set_run_parameters(conn, released_parameters(release))
