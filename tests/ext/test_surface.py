"""The two surfaces are one: signature by signature, docstring by docstring; what is public is
pinned.
"""

from __future__ import annotations

import inspect
import json
import pydoc
import re
import subprocess
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ledgerhq_ext
from ledgerhq_ext import (
    AsyncLedgerHQ,
    AsyncLedgerHQWithRawResponse,
    AsyncOrganization,
    AsyncOrganizationWithRawResponse,
    AsyncPages,
    LedgerHQ,
    LedgerHQWithRawResponse,
    Organization,
    OrganizationWithRawResponse,
    Pages,
    Response,
    store,
)

pytestmark = pytest.mark.slow

ROOT = Path(ledgerhq_ext.__file__).parent
PUBLIC = Path(__file__).with_name("public_names.json")
PAIRS: list[tuple[type, type]] = [
    (LedgerHQ, AsyncLedgerHQ),
    (Organization, AsyncOrganization),
    (LedgerHQWithRawResponse, AsyncLedgerHQWithRawResponse),
    (OrganizationWithRawResponse, AsyncOrganizationWithRawResponse),
    (Pages, AsyncPages),
    (store.Outbox, store.AsyncOutbox),
    (store.Clients, store.AsyncClients),
    (store.AccountLinks, store.AsyncAccountLinks),
]
IDS = [blocking.__name__ for blocking, _ in PAIRS]
PLAIN_TEXT = getattr(pydoc, "plaintext")  # noqa: B009 - the stubs do not know it
LAZY = {
    "bank_account_transactions",
    "bank_transactions",
    "bills",
    "contacts",
    "entries",
    "organizations",
    "pages",
}
"""Methods that send nothing themselves: they return a lazy list."""
PLAIN = {"with_options", "from_env", "organization"}


def members(kind: type) -> dict[str, Any]:
    """The public members of a class, as they stand in it or in its bases."""
    names = [name for name in dir(kind) if not name.startswith("_")]
    return {name: inspect.getattr_static(kind, name) for name in names}


def annotated(kind: type) -> set[str]:
    """Attributes that a class declares: a blocking twin has a property for each."""
    return {
        name
        for base in kind.__mro__
        for name in vars(base).get("__annotations__", {})
        if not name.startswith("_")
    }


def function(member: Any) -> Any:
    """The function behind a member."""
    if isinstance(member, property):
        return member.fget
    return member.__func__ if isinstance(member, classmethod | staticmethod) else member


def synchronous(text: str) -> str:
    """What the blocking twin says."""
    text = re.sub(r"\bAsync(?=LedgerHQ|Organization|Pages)", "", text)
    text = text.replace("AsyncIterator", "Iterator")
    text = re.sub(r"ledgerhq_ext\.(client|_raw_responses|blocking)\.", "", text)
    text = text.replace("httpx.AsyncClient", "httpx.Client").replace(
        "AsyncBaseTransport", "BaseTransport"
    )
    return text.replace("Callable[[float], Awaitable[object]]", "Callable[[float], object]")


TWINS = [
    pytest.param(blocking, awaiting, name, id=f"{blocking.__name__}.{name}")
    for blocking, awaiting in PAIRS
    for name in members(awaiting)
]


@pytest.mark.sample
@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS, ids=IDS)
def test_the_same_names(blocking: type, awaiting: type) -> None:
    assert members(blocking).keys() == members(awaiting).keys() | annotated(awaiting)


@pytest.mark.parametrize(("blocking", "awaiting", "name"), TWINS)
def test_the_same_signatures_and_docstrings(blocking: type, awaiting: type, name: str) -> None:
    one, other = function(members(blocking)[name]), function(members(awaiting)[name])
    assert inspect.getdoc(one), "a public name without a docstring"
    assert inspect.getdoc(one) == inspect.getdoc(other)
    assert str(inspect.signature(one)) == synchronous(str(inspect.signature(other)))
    assert "Any" not in str(inspect.signature(one).return_annotation).replace(
        "RawResponse[Any]", ""
    )


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS, ids=IDS)
def test_made_alike(blocking: type, awaiting: type) -> None:
    assert blocking.__doc__
    assert awaiting.__doc__
    if blocking is LedgerHQ:
        assert str(inspect.signature(blocking)) == synchronous(str(inspect.signature(awaiting)))
        assert vars(blocking)["__init__"].__doc__ == vars(awaiting)["__init__"].__doc__


@pytest.mark.parametrize(("blocking", "awaiting", "name"), TWINS)
def test_methods_that_send_are_awaited(blocking: type, awaiting: type, name: str) -> None:
    assert not inspect.iscoroutinefunction(function(members(blocking)[name]))
    member = members(awaiting)[name]
    waits = inspect.iscoroutinefunction(function(member))
    assert waits == (name not in LAZY | PLAIN and not isinstance(member, property)), name


@pytest.mark.parametrize(("blocking", "awaiting", "name"), TWINS)
def test_type_hints_are_true(blocking: type, awaiting: type, name: str) -> None:
    """``typing.get_type_hints`` resolves every annotation, to the same types on both surfaces."""
    one = typing.get_type_hints(function(members(blocking)[name]))
    other = typing.get_type_hints(function(members(awaiting)[name]))
    assert one.keys() == other.keys()
    assert one["return"] is not None
    assert synchronous(str(one)) == synchronous(str(other))


@pytest.mark.parametrize(("blocking", "awaiting", "name"), TWINS)
def test_help_shows_the_true_signature(blocking: type, awaiting: type, name: str) -> None:
    for kind in (blocking, awaiting):
        member = members(kind)[name]
        text = pydoc.render_doc(
            member if isinstance(member, property) else function(member), renderer=PLAIN_TEXT
        )
        doc = inspect.getdoc(function(member))
        assert doc is not None
        assert doc.partition("\n")[0] in text
        if not isinstance(member, property):
            parameters = [
                f"{parameter}" for parameter in inspect.signature(function(member)).parameters
            ]
            assert all(parameter in text for parameter in parameters)


@pytest.mark.parametrize(("blocking", "awaiting", "name"), TWINS)
def test_definitions_are_found(blocking: type, awaiting: type, name: str) -> None:
    """ "Go to definition" ends at a ``def`` of that name."""
    for kind in (blocking, awaiting):
        source = inspect.getsource(function(members(kind)[name]))
        assert re.search(rf"def {name}\(", source)


@pytest.mark.slow
def test_the_written_surface_is_what_would_be_written() -> None:
    command = [sys.executable, "-m", "scripts.write_surface", "--check"]
    result = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


# --- names


def test_the_import_surface_is_pinned() -> None:
    """A name that goes away or comes is a decision: write it down in the file, and in the change
    log.
    """
    pinned = json.loads(PUBLIC.read_text(encoding="utf-8"))
    assert sorted(ledgerhq_ext.__all__) == pinned["ledgerhq_ext"]
    assert sorted(store.__all__) == pinned["ledgerhq_ext.store"]
    kinds = [*(kind for kind, _ in PAIRS), Response]
    assert {kind.__name__: sorted(members(kind)) for kind in kinds} == pinned["methods"]


def test_old_names_are_there_or_in_the_table() -> None:
    """Whoever comes from an earlier release finds each name, or what replaces it, in the change
    log.
    """
    changes = (ROOT.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    table = {cell.strip() for cell in re.findall(r"^\| `([^`]+)`", changes, re.MULTILINE)}
    before = json.loads(PUBLIC.with_name("public_names_before.json").read_text(encoding="utf-8"))
    gone = {name for name in before["ledgerhq_ext"] if name not in ledgerhq_ext.__all__}
    kinds = {kind.__name__: kind for kind, _ in PAIRS}
    for kind, methods in before["methods"].items():
        gone |= {f"{kind}.{name}" for name in methods if name not in members(kinds[kind])}
    assert gone - table == set()


def test_all_is_sorted_and_whole() -> None:
    assert list(ledgerhq_ext.__all__) == sorted(ledgerhq_ext.__all__)
    assert all(hasattr(ledgerhq_ext, name) for name in ledgerhq_ext.__all__)


def own_members(kind: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(kind).items()
        if not name.startswith("_") and callable(value)
    }


def is_documented(value: Any) -> bool:
    """Whether it is a class or a function: aliases of types cannot say what they are."""
    return inspect.isclass(value) or inspect.isfunction(value)


@pytest.mark.parametrize(
    "name", [name for name in ledgerhq_ext.__all__ if is_documented(getattr(ledgerhq_ext, name))]
)
def test_every_public_name_says_what_it_is(name: str) -> None:
    value = getattr(ledgerhq_ext, name)
    assert inspect.getdoc(value)
    assert not (value.__doc__ or "").startswith(f"{name}("), "only a generated signature"
    for method, member in own_members(value).items() if isinstance(value, type) else ():
        assert inspect.getdoc(member), f"{name}.{method}"


def public_types(annotation: Any) -> set[type]:
    """The package's own classes inside an annotation."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return {annotation} if annotation.__module__.startswith("ledgerhq_ext") else set()
    origin = typing.get_origin(annotation)
    parts = (
        {origin}
        if isinstance(origin, type) and origin.__module__.startswith("ledgerhq_ext")
        else set()
    )
    return parts.union(*map(public_types, typing.get_args(annotation)))


def exported(kind: type) -> bool:
    return any(getattr(package, kind.__name__, None) is kind for package in (ledgerhq_ext, store))


def functions(kind: type) -> list[Callable[..., Any]]:
    return [function(member) for member in members(kind).values() if callable(function(member))]


@pytest.mark.parametrize(
    "kind", [kind for pair in PAIRS for kind in pair], ids=lambda kind: kind.__name__
)
def test_what_a_public_method_takes_and_returns_can_be_imported(kind: type) -> None:
    hidden: set[str] = set()
    for method in functions(kind):
        for annotation in typing.get_type_hints(method).values():
            hidden |= {part.__name__ for part in public_types(annotation) if not exported(part)}
    assert hidden == set()


@pytest.mark.parametrize(
    "record", [value for value in vars(ledgerhq_ext).values() if hasattr(value, "__attrs_attrs__")]
)
def test_what_stands_in_a_record_can_be_imported(record: type) -> None:
    hidden: set[str] = set()
    for name, annotation in typing.get_type_hints(record).items():
        if not name.startswith("_"):
            hidden |= {part.__name__ for part in public_types(annotation) if not exported(part)}
    assert hidden == set()


def test_a_blocking_handle_describes_itself(tmp_path: Path) -> None:
    with LedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x") as hq:
        books = hq.organization("org_1")
        place = store.Store(tmp_path / "store.db")
        handles = [
            *(hq, hq.with_raw_response, hq.organizations()),
            *(books, books.with_raw_response, books.bank_transactions()),
            *(place.outbox(), place.clients, place.accounts(books)),
        ]
    for handle in handles:
        assert type(handle).__name__ in repr(handle)
        assert "Async" not in repr(handle)
    assert repr(handles[2]) == "Pages(LedgerHQ.organizations)"
