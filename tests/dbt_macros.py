"""Renders SQL with the project's macros as dbt does, without starting dbt."""

from __future__ import annotations

from collections.abc import Callable

import jinja2
import yaml

from yanbao.base.settings import PROJECT_ROOT

MACROS = PROJECT_ROOT / "dbt_project" / "macros"
FOLDERS = ("engine", "domain")


class Adapter:
    """``adapter.dispatch`` for the default engine; the macros come once they are parsed."""

    def __init__(self) -> None:
        self.macros: dict[str, Callable[..., str]] = {}

    def dispatch(self, name: str, project: str) -> Callable[..., str]:
        del project
        return self.macros[f"default__{name}"]


def as_dbt_renders(body: str, **context: object) -> str:
    """The SQL of a model or a macro call; ``context`` holds dbt's own names (ref, this)."""
    adapter = Adapter()
    environment = jinja2.Environment(  # noqa: S701 - SQL
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"]
    )
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    of_dbt = {
        "adapter": adapter,
        "return": lambda value: value,
        "var": project["vars"].__getitem__,
    }
    environment.globals.update(of_dbt, **context)
    files = (path for folder in FOLDERS for path in sorted((MACROS / folder).glob("*.sql")))
    all_macros = "\n".join(path.read_text(encoding="utf-8") for path in files)
    adapter.macros = vars(environment.from_string(all_macros).module)
    named = {name: macro for name, macro in adapter.macros.items() if not name.startswith("_")}
    return environment.from_string(body, globals=named).render()
