"""Public names, each imported when it is first used: whoever reads accounts needs no reports."""

from __future__ import annotations

from importlib import import_module

from ledgerhq_ext._public_names import MODULES

_PACKAGE = "ledgerhq_ext"
_PUBLIC_MODULES = frozenset(
    {"blocking", "client", "errors", "models", "money", "postings", "reports"}
)
"""Modules that stand in the package's namespace, imported or not: ``ledgerhq_ext.errors``."""


def import_public(name: str) -> object:
    """Return what a public name stands for; ``AttributeError`` says which name comes near."""
    if name in _PUBLIC_MODULES:
        return import_module(f"{_PACKAGE}.{name}")
    if name not in MODULES:
        raise AttributeError(_complaint(name))
    return getattr(import_module(f"{_PACKAGE}.{MODULES[name]}"), name)


def _complaint(name: str) -> str:
    complaint = f"module {_PACKAGE!r} has no attribute {name!r}"
    # Python itself asks for private names and modules; whoever does cannot have meant a public one.
    if name.startswith("_"):
        return complaint

    from difflib import get_close_matches

    near = get_close_matches(name, MODULES, n=1)
    return f"{complaint}; did you mean {near[0]!r}?" if near else complaint
