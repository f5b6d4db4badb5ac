"""A reply of this sandbox in the words of another contract.

A field that the contract has under another name holds what the sandbox has under the old one. A
required field that the sandbox does not know is made up, but only where nothing that the sandbox
does know may be what the contract means by it: an empty list in place of the company's accounts
would be a lie.
"""

from __future__ import annotations

import difflib
from typing import Any

from ledgerhq_ext.sandbox._nodes import Node
from ledgerhq_ext.sandbox._paging import PAGING_NAMES, single_page
from ledgerhq_ext.sandbox._samples import NoValue, sample
from ledgerhq_ext.sandbox._shapes import Shape, shape_of

JSON = dict[str, Any]


class Ambiguous(Exception):  # noqa: N818
    """A required field that may be the new name of what the contract does not declare."""

    def __init__(self, field: Node, rival: str) -> None:
        super().__init__(rival)
        self.field = field
        self.rival = rival


def fill(schema: Node, value: Any, place: str = "") -> tuple[Any, list[str]]:
    """Return the value with all fields that its schema requires, and the places of the new ones.

    NoValue for a field that no known value fits; Ambiguous for one that may be another one's name.
    """
    if isinstance(value, list):
        return _fill_list(schema, value, place)
    if isinstance(value, dict):
        return _fill_object(shape_of(schema), value, place)
    return value, []


def fits(schema: Node, value: Any) -> bool:
    """Return True if the value fits its schema once it is filled."""
    try:
        complete, _ = fill(schema, value)
    except (NoValue, Ambiguous):
        return False
    return schema.validator.is_valid(complete)


def _fill_list(schema: Node, value: list[Any], place: str) -> tuple[list[Any], list[str]]:
    items = schema.get("items") if isinstance(schema.value, dict) else None
    if items is None:
        return value, []

    complete: list[Any] = []
    places: list[str] = []
    for index, item in enumerate(value):
        member, more = fill(items, item, f"{place}/{index}")
        complete.append(member)
        places += more
    return complete, places


def _fill_object(shape: Shape, value: JSON, place: str) -> tuple[JSON, list[str]]:
    complete = dict(value)
    missing = [name for name in shape.required if name not in value]
    places = [f"{place}/{name}" for name in missing]
    for name in missing:
        old_name = _old_name(shape, name, complete, missing)
        if old_name is not None:
            complete[name] = complete.pop(old_name)

    # After the renames: what has a new name by now is no rival any more.
    for name in missing:
        if name not in complete:
            complete[name] = _made_up(shape, name, complete)
    _drop_unknown(shape, complete)

    for name, below in shape.declared.items():
        if name in complete:
            complete[name], more = fill(below, complete[name], f"{place}/{name}")
            places += more
    return complete, places


def _old_name(shape: Shape, name: str, value: JSON, missing: list[str]) -> str | None:
    """Return the name that a missing field had before: an unknown one whose value fits."""
    field = shape.declared.get(name)
    if field is None:
        return None

    unknown = [other for other in value if other not in shape.declared]
    candidates = [other for other in unknown if fits(field, value[other])]
    similar = difflib.get_close_matches(name, candidates, n=1)
    if similar:
        return similar[0]

    # Of another name altogether, only a list or an object tells what it is.
    composed = [other for other in candidates if isinstance(value[other], list | dict)]
    if len(composed) != 1:
        return None

    rests = [other for other in missing if other != name and other not in value]
    others = [shape.declared[other] for other in rests if other in shape.declared]
    is_best = _is_best(field, others, value[composed[0]])
    return composed[0] if is_best else None


def _is_best(field: Node, others: list[Node], content: Any) -> bool:
    """Return True if no other missing field declares as much of the content."""
    likeness = _likeness(field, content)
    rivals = [other for other in others if fits(other, content)]
    return all(_likeness(rival, content) < likeness for rival in rivals)


def _likeness(field: Node, content: Any) -> int:
    """Return how many fields of an object, or of the first one in a list, a schema declares."""
    if isinstance(content, list):
        items = field.get("items")
        if items is None or not content:
            return 0
        return _likeness(items, content[0])

    if not isinstance(content, dict):
        return 0
    return len(content.keys() & shape_of(field).declared.keys())


def _made_up(shape: Shape, name: str, value: JSON) -> Any:
    field = shape.declared.get(name)
    if field is None:
        return None
    if isinstance(field.value, dict) and "const" in field.value:
        return field.value["const"]

    paging = _paging(field, name, value)
    content = sample(field) if paging is None else paging[0]
    if not field.validator.is_valid(content):
        raise NoValue(field)
    rival = _rival(shape, field, content, value)
    if rival is not None:
        raise Ambiguous(field, rival)
    return content


def _rival(shape: Shape, field: Node, content: Any, value: JSON) -> str | None:
    """Return the name of what the contract does not declare, and may mean by a made-up field."""
    for name, other in value.items():
        if name in shape.declared:
            continue
        if _may_mean(field, content, name, other):
            return name
    return None


def _may_mean(field: Node, content: Any, name: str, other: Any) -> bool:
    """Return True if a field, made up as `content`, may be the new place of another value."""
    if _is_empty(other):
        return False
    # A made-up object may be the place into which the fields around it have moved.
    if isinstance(content, dict) and content:
        return True
    # Records are never dropped, and counts of pages never made up.
    if isinstance(other, list | dict) or name in PAGING_NAMES:
        return True

    return fits(field, other)


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {})


def _paging(field: Node, name: str, value: JSON) -> tuple[Any] | None:
    """Return the value of a field that counts pages, or of an object of them; None for others."""
    lists = [content for content in value.values() if isinstance(content, list)]
    if len(lists) != 1:
        return None

    page = single_page(len(lists[0]))
    if name in page:
        return (page[name],)

    inner_names = shape_of(field).required
    if not inner_names or not page.keys() >= set(inner_names):
        return None
    return ({inner_name: page[inner_name] for inner_name in inner_names},)


def _drop_unknown(shape: Shape, value: JSON) -> None:
    """Leave out the plain fields that a closed schema does not have. Records are never dropped."""
    if shape.allowed is None:
        return

    for name in value.keys() - shape.allowed:
        content = value[name]
        if isinstance(content, list | dict) and not _is_empty(content):
            # A record: that it does not fit has to be said.
            continue
        del value[name]
