"""The table of public names: which module each one is imported from, when it is first used."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

from scripts.surface.formatting import formatted

NAMES_TARGET = "_public_names"
_HEADER = '''"""Which module each public name stands in, below this package.

Written by ``python -m scripts.write_surface``; do not edit.
Edit the imports of ``__init__``.
"""

'''
_PACKAGE = "ledgerhq_ext"


def names_text(package: Path) -> str:
    """Return the source of the table, from the imports that a package has for type checkers."""
    source = (package / "__init__.py").read_text(encoding="utf-8")
    lines = [f"    {name!r}: {module!r}," for name, module in sorted(_modules(source).items())]
    table = "\n".join(["MODULES = {", *lines, "}", ""])
    return formatted(_HEADER + table, f"{NAMES_TARGET}.py")


def _modules(source: str) -> dict[str, str]:
    """Return the module of each public name, from the imports for type checkers."""
    blocks = [node for node in ast.parse(source).body if isinstance(node, ast.If)]
    modules: dict[str, str] = {}
    for statement in chain.from_iterable(block.body for block in blocks):
        if not isinstance(statement, ast.ImportFrom) or statement.module is None:
            continue

        module = statement.module.removeprefix(f"{_PACKAGE}.")
        for alias in statement.names:
            modules[alias.name] = module
    return modules
