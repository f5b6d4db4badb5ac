"""Extras beside the core: what to install when one is missing, said everywhere alike."""

from __future__ import annotations

from importlib.util import find_spec

from ledgerhq_ext.errors import MissingExtraError


def require(package: str, extra: str, *modules: str) -> None:
    """Raise ``MissingExtraError``, which says what to install, unless the modules are there."""
    # Looked for and not imported: each is imported when it is used.
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"{package} needs {', '.join(missing)}: pip install 'ledgerhq-ext[{extra}]'",
            name=missing[0],
        )
