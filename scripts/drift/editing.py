"""The place to edit in the layer for a misfit: the field of a class, and its file."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..contract.layout import ROOT
from ..contract.pointers import split
from ..contract.routes import shape
from ..contract.seam import Misfit, Need
from .use import Use, Used, uses

TABLE = "ledgerhq_ext/_seam.py"


def editing(needs: Sequence[Need]) -> Callable[[Misfit], str]:
    """Return a function that says what to edit for a misfit of these needs; nothing where it is not
    operations.
    """
    operations = uses(needs)

    def edit(row: Misfit) -> str:
        """Return what to edit for one misfit."""
        method, _, path = row.route.partition(" ")
        used = operations.get((method.lower(), shape(path)))
        return _edit(used, row.where) if used is not None else ""

    return edit


def _edit(used: Used, where: str) -> str:
    if not where.startswith("/"):
        return TABLE
    part, *rest = split(where)
    if part == "parameters":
        return TABLE
    if part == "requestBody":
        return _place(used.request, rest)
    if part == "responses":
        # Behind the status.
        return _place(used.response, rest[1:])
    return ""


def _place(use: Use | None, parts: Sequence[str]) -> str:
    """Return the field at the end of a path of properties and items, and the file of its class."""
    file = ""
    rest = list(parts)
    while rest and use is not None:
        if rest[0] == "items":
            use = use.item()
            rest = rest[1:]
        elif rest[0] == "properties" and len(rest) > 1:
            file = _file_of(use.hint) or file
            use = use.property(rest[1])
            rest = rest[2:]
        else:
            break

    if use is None or not use.field:
        return TABLE
    return f"{use.field} in {file or TABLE}"


def _file_of(hint: object) -> str:
    """Return the file in this checkout that a class is written in; nothing for a class that is
    generated, or for no class.
    """
    if not isinstance(hint, type):
        return ""
    name = getattr(sys.modules.get(hint.__module__), "__file__", None)
    if name is None:
        return ""

    path = Path(name).resolve()
    is_ours = path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "generated")
    return path.relative_to(ROOT).as_posix() if is_ours else ""
