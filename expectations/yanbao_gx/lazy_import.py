"""Puts off the import of a library that another one imports and a gate never uses."""

from __future__ import annotations

import importlib
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def put_off(package: str, module: str) -> None:
    """Make ``package.module`` load at the first use of anything in it, not at its import.

    It is the real module all the same, by the standard library's ``LazyLoader``: whoever uses
    it notices nothing. Does nothing where it is loaded already.
    """
    name = f"{package}.{module}"
    if name in sys.modules:
        return
    parent = importlib.import_module(package)
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    lazy = module_from_spec(spec)
    sys.modules[name] = lazy
    spec.loader.exec_module(lazy)
    # Importing it again would look into it and so load it; the parent's name is found first.
    setattr(parent, module, lazy)
