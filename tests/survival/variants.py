"""Variants of the vendored contract, compared with it and generated from it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from scripts.contract.layout import Layout
from scripts.contract.naming import assign_names
from scripts.contract.pipeline import read_names
from scripts.contract.seam import Need, load_needs
from scripts.contract.source import Fetched
from scripts.contract.view import generator_view
from scripts.drift.compare import compare
from scripts.drift.documents import Document, read_document
from scripts.drift.report import Report
from scripts.drift.use import uses

from .edits import Json, operations, rewritten

HERE = Layout()
ALL = os.environ.get("SURVIVAL") == "all"
"""Whether everything is tried, or a sample."""


@cache
def _text() -> bytes:
    return HERE.contract.read_bytes()


def variant(change: Callable[[Json], object] | None = None) -> Json:
    """The vendored contract after a change."""
    contract: Json = json.loads(_text())
    if change is not None:
        change(contract)
    return contract


# One contract is compared for several needs.
@lru_cache(maxsize=2)
def _read(content: bytes) -> Document:
    return read_document(Fetched(content, "test"), HERE)


@cache
def vendored() -> Document:
    """The vendored contract."""
    return _read(_text())


def compared(contract: Json, needs: Sequence[Need] | None = None) -> Report:
    """Return what `make drift` makes of a contract, for the needs of the layer unless told others."""
    new = _read(json.dumps(contract).encode())
    if needs is None:
        needs = load_needs() or ()
    return Report(compare(vendored(), new, uses(), needs), vendored(), new)


def seen_by_the_generator(contract: Json, *, words: bool = True) -> Any:
    """What the generator is given for a contract: equal input gives equal code, but for docstrings
    without `words`.
    """
    named, _ = assign_names(
        generator_view(_read(json.dumps(contract).encode()).normalised), read_names(HERE)
    )
    for each in operations(named):
        # All it wants to know is whether there is any.
        each["security"] = bool(each["security"])
    return named if words else rewritten(named, quiet)


def quiet(node: Json) -> Json:
    """An object without what it says to people."""
    return {key: value for key, value in node.items() if key not in ("summary", "description")}


@cache
def vendored_input() -> Any:
    """What the generator is given for the vendored contract."""
    return seen_by_the_generator(variant())
