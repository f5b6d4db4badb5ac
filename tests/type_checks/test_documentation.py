"""A documentation generator shows every public name as Python itself knows it.

griffe (the reader behind mkdocstrings) looks at the files only: nothing is imported.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from pathlib import Path
from types import FunctionType
from typing import Any

import griffe
import pytest
from attrs import frozen

from .support import SEARCH_PATHS

PACKAGES = (
    "ledgerhq_ext",
    "ledgerhq_ext.render",
    "ledgerhq_ext.reports",
    "ledgerhq_ext.review",
    "ledgerhq_ext.sandbox",
    "ledgerhq_ext.store",
)
HANDLES = {
    "LedgerHQ", "LedgerHQWithRawResponse", "AsyncLedgerHQ", "AsyncLedgerHQWithRawResponse",
    "Organization", "OrganizationWithRawResponse",
    "AsyncOrganization", "AsyncOrganizationWithRawResponse",
    "Pages", "AsyncPages", "Outbox", "AsyncOutbox", "Clients", "AsyncClients",
    "AccountLinks", "AsyncAccountLinks",
}  # fmt: skip
KINDS = {
    griffe.ParameterKind.positional_only: inspect.Parameter.POSITIONAL_ONLY,
    griffe.ParameterKind.positional_or_keyword: inspect.Parameter.POSITIONAL_OR_KEYWORD,
    griffe.ParameterKind.var_positional: inspect.Parameter.VAR_POSITIONAL,
    griffe.ParameterKind.keyword_only: inspect.Parameter.KEYWORD_ONLY,
    griffe.ParameterKind.var_keyword: inspect.Parameter.VAR_KEYWORD,
}
EMPTY = inspect.Parameter.empty


@frozen
class Member:
    """A public function, or a method or property of a public class."""

    package: str
    path: str
    """Where it stands below the package, such as ``LedgerHQ.organization``."""
    value: Any
    """What stands there: a function, a property, a class method or a static method."""

    @property
    def function(self) -> Any:
        """The function behind it."""
        value = self.value
        if isinstance(value, property):
            value = value.fget
        elif isinstance(value, classmethod | staticmethod):
            value = value.__func__
        assert isinstance(value, FunctionType)
        return value


def methods(kind: type) -> dict[str, Any]:
    """Return the public methods and properties of a class, inherited ones included.

    ``__init__`` is among them where somebody wrote it.
    """
    names = [name for name in dir(kind) if not name.startswith("_")]
    if has_own_source(vars(kind).get("__init__")):
        names.append("__init__")
    members: dict[str, Any] = {}
    for name in names:
        member = inspect.getattr_static(kind, name)
        if is_method_or_property(member) and is_ours(member):
            members[name] = member
    return members


def is_method_or_property(member: object) -> bool:
    """Return whether a member is a method or a property, and not an attribute."""
    return isinstance(member, FunctionType | property | classmethod | staticmethod)


def has_own_source(value: object) -> bool:
    """Return whether it is a function that somebody wrote, and not one that attrs made."""
    return isinstance(value, FunctionType) and Path(value.__code__.co_filename).is_file()


def is_ours(member: Any) -> bool:
    """Return whether a member is of this package, and not of a base such as ``str``."""
    function = getattr(member, "fget", None) or getattr(member, "__func__", member)
    return str(getattr(function, "__module__", "")).startswith("ledgerhq_ext")


def public_members() -> list[Member]:
    """Return everything public that can be called or read."""
    members: list[Member] = []
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, FunctionType):
                members.append(Member(package, name, value))
            elif isinstance(value, type):
                for method, member in methods(value).items():
                    members.append(Member(package, f"{name}.{method}", member))
    return members


MEMBERS = public_members()


@functools.cache
def documentation() -> griffe.Object:
    """Return the package as griffe reads it."""
    package = griffe.load(
        "ledgerhq_ext",
        allow_inspection=False,
        search_paths=list(SEARCH_PATHS),
        resolve_aliases=True,
    )
    assert isinstance(package, griffe.Module)
    return package


def entry(member: Member) -> Any:
    """Return what griffe has of a member, whether its class defines it or inherits it."""
    place: Any = documentation()
    for name in [*member.package.split(".")[1:], *member.path.split(".")]:
        place = place.all_members[name]
    return place


def spelled(annotation: Any) -> str:
    """Return an annotation in one spelling, whatever its quotes and line breaks."""
    if annotation is None or annotation is EMPTY:
        return ""
    return ast.unparse(ast.parse(str(annotation), mode="eval"))


def check_parameters(member: Member) -> None:
    function = member.function
    expected = inspect.signature(function).parameters
    shown = entry(member).parameters
    assert [parameter.name for parameter in shown] == list(expected)

    for parameter in shown:
        true = expected[parameter.name]
        assert KINDS[parameter.kind] is true.kind, parameter.name
        assert spelled(parameter.annotation) == spelled(true.annotation), parameter.name
        if true.default is EMPTY:
            # griffe shows an empty default for *args and **kwargs.
            assert parameter.default in (None, "()", "{}"), parameter.name
        else:
            default = eval(str(parameter.default), function.__globals__)
            assert default == true.default, parameter.name


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{member.package}.{member.path}")
def test_the_signature_and_the_docstring_are_shown(member: Member) -> None:
    shown = entry(member)
    returned = spelled(inspect.signature(member.function).return_annotation)
    if isinstance(member.value, property):
        assert spelled(shown.annotation) == returned
        assert "property" in shown.labels
    else:
        check_parameters(member)
        assert spelled(shown.returns) == returned
        assert ("async" in shown.labels) == inspect.iscoroutinefunction(member.function)

    docstring = member.function.__doc__
    if docstring is None:
        # How to make one may be said by the class alone.
        assert member.path.endswith(".__init__")
        assert shown.docstring is None
        assert shown.parent.docstring is not None
    else:
        assert shown.docstring.value == inspect.cleandoc(docstring)


def test_both_surfaces_are_covered() -> None:
    classes = {member.path.partition(".")[0] for member in MEMBERS}
    assert classes >= HANDLES
    paths = {member.path for member in MEMBERS}
    assert "LedgerHQ.__init__" in paths
    assert "AsyncOrganization.record" in paths, "inherited"
