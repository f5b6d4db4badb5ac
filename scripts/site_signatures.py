"""An extension of griffe: classes of attrs are shown with their fields, as their signature."""

from __future__ import annotations

from typing import Any

from griffe import (
    Attribute,
    Class,
    Expr,
    ExprCall,
    ExprKeyword,
    Extension,
    Function,
    Module,
    Parameter,
    ParameterKind,
    Parameters,
)

_DECORATORS = {"attrs.define", "attrs.frozen"}
_SELF = Parameter("self", kind=ParameterKind.positional_or_keyword)
_SOMETHING = "..."
"""A default that a function makes."""


class AttrsSignatures(Extension):
    """Gives every class of attrs the ``__init__`` that attrs gives it."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Go through the classes of a package when it is loaded."""
        _visit(pkg)


def _visit(owner: Module | Class) -> None:
    for member in list(owner.members.values()):
        if isinstance(member, Module | Class):
            _visit(member)
    if isinstance(owner, Class) and "__init__" not in owner.members:
        _add_signature(owner)


def _add_signature(record: Class) -> None:
    parameters: dict[str, Parameter] = {}
    for owner in (record, *_ancestors(record)):
        if _is_of_attrs(owner):
            parameters = parameters | _parameters_of(owner)
    if not parameters:
        return

    init = Function("__init__", parent=record, parameters=Parameters(_SELF, *parameters.values()))
    record.set_member("__init__", init)


def _ancestors(record: Class) -> list[Class]:
    try:
        return record.mro()
    except ValueError:
        # A base that is not known here, such as a generic one of typing.
        return []


def _is_of_attrs(record: Class) -> bool:
    return any(decorator.callable_path in _DECORATORS for decorator in record.decorators)


def _parameters_of(record: Class) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for member in record.members.values():
        if not isinstance(member, Attribute) or not _is_field(member):
            continue
        default = _default(member)
        if isinstance(member.value, ExprCall):
            # How a field is checked says nothing to a reader.
            member.value = None
        parameters[member.name] = Parameter(
            member.name,
            annotation=member.annotation,
            kind=ParameterKind.keyword_only,
            default=default,
        )
    return parameters


def _is_field(member: Attribute) -> bool:
    is_class_variable = member.labels == {"class-attribute"}
    is_property = "property" in member.labels
    is_private = member.name.startswith("_")
    return member.annotation is not None and not (is_class_variable or is_property or is_private)


def _default(member: Attribute) -> str | Expr | None:
    value = member.value
    if value is None or not isinstance(value, ExprCall):
        return value
    if str(member.annotation).endswith("None"):
        return "None"

    keywords = {word.name: word.value for word in value.arguments if isinstance(word, ExprKeyword)}
    if "default" in keywords:
        return keywords["default"]
    is_required = value.canonical_path == "attrs.field" and "factory" not in keywords
    return None if is_required else _SOMETHING
