"""Each expectation's configuration, made once while a batch is validated.

Great Expectations makes it anew, from all fields of the model, at every look at one of its
arguments: a hundred times for each expectation, which was half of what validating a night cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def configurations_kept(expectation_class: Any) -> Iterator[None]:
    """Keep what ``expectation_class.configuration`` gives, by object, until the block ends.

    Nothing in the block may change an expectation; the objects are held, so that none takes
    another's place.
    """
    theirs = expectation_class.configuration
    kept: dict[int, tuple[Any, Any]] = {}

    def configuration(expectation: Any) -> Any:
        found = kept.get(id(expectation))
        if found is None:
            found = kept[id(expectation)] = (expectation, theirs.fget(expectation))
        return found[1]

    expectation_class.configuration = property(configuration)
    try:
        yield
    finally:
        expectation_class.configuration = theirs
