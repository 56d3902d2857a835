"""What sqlfluff sees in place of dbt's adapter: a dispatched macro reads as a column."""

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str) -> Callable[..., str]:
    """Any dispatched expression, as one identifier."""

    def render(*_arguments: object) -> str:
        return "as_of_date"

    return render
