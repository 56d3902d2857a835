"""What sqlfluff sees in place of dbt's adapter: a dispatched macro reads as a function."""

from collections.abc import Callable

# Macros that stand for something else than an expression.
OTHERS = {"materialized": "", "star_with": "*", "star_without": "*"}


def dispatch(macro_name: str, macro_namespace: str) -> Callable[..., str]:
    """Any dispatched expression, as the call of one function."""

    def render(*_arguments: object, **_options: object) -> str:
        return OTHERS.get(macro_name, "dispatched(as_of_date)")

    return render
