"""The two surfaces are one: signature by signature, docstring by docstring; what is public is pinned."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

import ledgerhq_ext
from ledgerhq_ext import AsyncLedgerHQ, AsyncOrganization, AsyncPages, LedgerHQ, Organization, Pages

PUBLIC = Path(__file__).with_name("public_names.json")
PAIRS = [(LedgerHQ, AsyncLedgerHQ), (Organization, AsyncOrganization), (Pages, AsyncPages)]


def members(kind: type) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}


def synchronous(text: str) -> str:
    """What the blocking twin says."""
    text = re.sub(r"\bAsync(?=LedgerHQ|Organization|Pages)", "", text)
    text = re.sub(r"\b(?:AsyncIterator|AsyncGenerator)\b", "Iterator", text)
    return text.replace("httpx.AsyncClient", "httpx.Client").replace("AwaitingDriver", "BlockingDriver")


def signature(method: Any) -> str:
    return synchronous(str(inspect.signature(method)))


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS)
def test_the_same_names(blocking: type, awaiting: type) -> None:
    assert members(blocking).keys() == members(awaiting).keys()


TWINS = [
    pytest.param(members(one)[name], members(other)[name], id=f"{one.__name__}.{name}")
    for one, other in PAIRS
    for name in members(one)
]


@pytest.mark.parametrize(("blocking", "awaiting"), TWINS)
def test_the_same_signatures_and_docstrings(blocking: Any, awaiting: Any) -> None:
    assert blocking.__doc__, "a public name without a docstring"
    assert blocking.__doc__ == awaiting.__doc__
    if callable(blocking):
        assert signature(blocking) == signature(awaiting)
        assert inspect.getmodule(blocking) is inspect.getmodule(awaiting)


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS)
def test_made_alike(blocking: type, awaiting: type) -> None:
    assert signature(blocking) == signature(awaiting)
    assert vars(blocking).get("__doc__")
    assert vars(awaiting).get("__doc__")


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS[:2])
def test_methods_that_send_are_awaited(blocking: type, awaiting: type) -> None:
    names = members(blocking)
    lazy = {name for name in names if "Listing" in str(inspect.signature(names[name]).return_annotation)}
    plain = {"with_options", "from_env", "organization"}
    for name, method in members(awaiting).items():
        assert inspect.iscoroutinefunction(inspect.unwrap(method, stop=inspect.iscoroutinefunction)) == (
            name not in lazy | plain
        ), name


def test_the_import_surface_is_pinned() -> None:
    """A name that goes away or comes is a decision: write it down in the file, and in the change log."""
    pinned = json.loads(PUBLIC.read_text(encoding="utf-8"))
    assert sorted(ledgerhq_ext.__all__) == pinned["ledgerhq_ext"]
    assert {kind.__name__: sorted(members(kind)) for kind, _ in PAIRS} == pinned["methods"]


def test_all_is_sorted_and_whole() -> None:
    assert list(ledgerhq_ext.__all__) == sorted(ledgerhq_ext.__all__)
    assert all(hasattr(ledgerhq_ext, name) for name in ledgerhq_ext.__all__)


def own_members(kind: type) -> dict[str, Any]:
    return {name: value for name, value in vars(kind).items() if not name.startswith("_") and callable(value)}


@pytest.mark.parametrize(
    "name", [name for name in ledgerhq_ext.__all__ if name not in ("Cents", "Posting", "__version__")]
)
def test_every_public_name_says_what_it_is(name: str) -> None:
    value = getattr(ledgerhq_ext, name)
    assert inspect.getdoc(value)
    assert not (value.__doc__ or "").startswith(f"{name}("), "only a generated signature"
    for method, function in own_members(value).items() if isinstance(value, type) else ():
        assert inspect.getdoc(function), f"{name}.{method}"
