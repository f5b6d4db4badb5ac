"""What to edit in the layer for a misfit: the field of a class, and its file."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..contract.layout import ROOT
from ..contract.pointers import split
from ..contract.routes import shape
from ..contract.seam import Misfit, Need
from .use import Use, uses

TABLE = "ledgerhq_ext/_seam.py"


def editing(needs: Sequence[Need]) -> Callable[[Misfit], str]:
    """A function that says what to edit for a misfit of these needs."""
    known = uses(needs)

    def edit(row: Misfit) -> str:
        method, _, path = row.route.partition(" ")
        used = known.get((method.lower(), shape(path)))
        parts = split(row.where) if row.where.startswith("/") else []
        if used is None or not parts or parts[0] not in ("requestBody", "responses"):
            return TABLE if used is not None and (not parts or parts[0] == "parameters") else ""
        use, rest = (
            (used.request, parts[1:]) if parts[0] == "requestBody" else (used.response, parts[2:])
        )
        return _place(use, rest)

    return edit


def _place(use: Use | None, parts: Sequence[str]) -> str:
    """The field at the end of a path of properties and items, and the file of its class."""
    file = ""
    parts = list(parts)
    while parts and use is not None:
        if parts[0] == "items":
            use, parts = use.item(), parts[1:]
        elif parts[0] == "properties" and len(parts) > 1:
            file = _file_of(use.hint) or file
            use, parts = use.property(parts[1]), parts[2:]
        else:
            break
    if use is None or not use.field:
        return TABLE
    return f"{use.field} in {file or TABLE}"


def _file_of(hint: object) -> str:
    """The file in this checkout that a class is written in; nothing for a class that is generated,
    or for no class.
    """
    module = sys.modules.get(getattr(hint, "__module__", "") or "")
    name = getattr(module, "__file__", None)
    if name is None or not isinstance(hint, type):
        return ""
    path = Path(name).resolve()
    if not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "generated"):
        return ""
    return path.relative_to(ROOT).as_posix()
