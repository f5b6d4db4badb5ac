"""Whether a schema of the contract holds a shape that the layer sends or reads."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeAlias, Union

from .dialect import json_type
from .merge import only_presence
from .pointers import Object, join
from .presence import refusals
from .refs import component
from .schemas import NOTHING, NULL, alternatives, bare

# An object (a key ending in "?" is one the layer can live without), a list of one, or types: "a|b",
# the last of which may have a format: "string:date".
Shape: TypeAlias = Union[str, Sequence["Shape"], Mapping[str, "Shape"]]  # noqa: UP007

MAY_BE_MISSING = "may be missing"
NO_SUCH_PROPERTY = "no such property"


@dataclass(frozen=True)
class Gap:
    """A place in an operation, what was expected there and what is there."""

    where: str
    expected: str
    found: str
    # Whether another alternative beside this one may make up for it.
    spared: bool = False
    # What is there that may be meant.
    near: str = ""


def request_gaps(
    expected: Shape, schema: Any, components: Object, where: str, *, is_any_sent: bool
) -> list[Gap]:
    """Return what keeps the contract from taking what the layer sends; `is_any_sent` tells whether
    a user may leave out any of what may be left out.
    """
    fitting = _Fitting(components, sends=True, is_any_sent=is_any_sent)
    return list(fitting.gaps(expected, schema, where))


def response_gaps(expected: Shape, schema: Any, components: Object, where: str) -> list[Gap]:
    """Return what keeps the layer from reading what the contract promises."""
    return list(_Fitting(components, sends=False).gaps(expected, schema, where))


class _Fitting:
    def __init__(self, components: Object, *, sends: bool, is_any_sent: bool = False) -> None:
        self._components = components
        self._sends = sends
        self._is_any_sent = is_any_sent

    def gaps(
        self, expected: Shape, schema: Any, where: str, *, null_too: bool = False
    ) -> Iterator[Gap]:
        """Yield the gaps between what is expected and a schema, whatever alternatives that has.

        ``null_too``: whether the reader takes null as well; what is sent is never null.
        """
        every = self._options(schema)
        options = [option for option in every if not _is_null(option)]
        may_be_null = len(options) < len(every)
        if may_be_null and not self._sends and not null_too:
            yield Gap(where, f"{describe(expected)}, never null", "may be null")

        if not options:
            yield Gap(where, describe(expected), "always null")
        elif isinstance(expected, str):
            yield from self._leaf_gaps(expected, options, where)
        else:
            by_option = [list(self._option_gaps(expected, option, where)) for option in options]
            yield from self._together(by_option)

    def _together(self, by_option: list[list[Gap]]) -> Iterator[Gap]:
        """Yield the gaps of a union, made of those of each alternative."""
        # What is sent must fit one alternative; what is read may be any of them.
        if self._sends:
            yield from min(by_option, key=len)
            return

        # What one alternative lacks may stand in another one, unless none of them has it.
        spared = [{gap for gap in gaps if gap.spared} for gaps in by_option]
        nowhere = set.intersection(*spared)
        elsewhere = set.union(*spared) - nowhere
        for gap in dict.fromkeys(chain.from_iterable(by_option)):
            if gap not in elsewhere:
                yield replace(gap, spared=False)

    def _options(self, schema: Any) -> list[Object]:
        """Return the alternatives of a schema, opened."""
        if not isinstance(schema, dict):
            return [{}]
        name = component(schema.get("$ref", ""))
        if name is not None:
            return self._options(self._components[name])

        union = [] if "type" in schema else alternatives(schema)
        if not union or any(map(only_presence, union)):
            return [schema]
        options: list[Object] = []
        for each in union:
            options += self._options(each)
        return options

    def _leaf_gaps(self, expected: str, options: list[Object], where: str) -> Iterator[Gap]:
        there = {kind(option) for option in options}
        types, _, form = expected.partition(":")
        if not self._are_accepted(set(types.split("|")), there):
            yield Gap(where, describe(expected), "|".join(sorted(there)))
            return
        if not form:
            return

        # A string without a format may hold what is expected; one of another format never does.
        others = {option["format"] for option in options if "format" in option}
        others.discard(form)
        if others:
            yield Gap(where, describe(expected), f"string ({', '.join(sorted(others))})")

    def _are_accepted(self, expected: set[str], there: set[str]) -> bool:
        """Return whether one side takes the types that the other side sends."""
        if self._sends:
            sent = expected
            accepted = there
        else:
            sent = there
            accepted = expected

        if "any" in accepted:
            return True
        if self._sends and "any" in sent:
            # What the layer passes on unseen is the caller's.
            return True
        if "number" in accepted:
            accepted = accepted | {"integer"}
        return sent <= accepted

    def _option_gaps(self, expected: Shape, schema: Object, where: str) -> Iterator[Gap]:
        if self._sends and kind(schema) == "any":
            # Whatever is sent is taken.
            return
        if isinstance(expected, Mapping):
            yield from self._object_gaps(expected, schema, where)
        elif schema.get("type") != "array":
            yield Gap(where, "array", kind(schema))
        else:
            yield from self.gaps(expected[0], schema.get("items", {}), join(where, "items"))

    def _object_gaps(
        self, expected: Mapping[str, Shape], schema: Object, where: str
    ) -> Iterator[Gap]:
        if schema.get("type") != "object":
            yield Gap(where, "object", kind(schema))
            return

        properties = schema.get("properties", {})
        required = set(schema.get("required", []))
        for key, inner in expected.items():
            name = key.removesuffix("?")
            free = key.endswith("?")
            place = join(where, "properties", name)
            if name not in properties:
                near = self._near(name, inner, properties, expected)
                yield Gap(place, describe(inner), NO_SUCH_PROPERTY, spared=free, near=near)
                continue
            if not self._sends and not free and name not in required:
                yield Gap(place, f"{describe(inner)}, always there", MAY_BE_MISSING)
            yield from self.gaps(inner, properties[name], place, null_too=free)
        if self._sends:
            yield from self._demands(expected, properties, required, where)
            for rule in refusals(expected, schema, is_any_sent=self._is_any_sent):
                yield Gap(where, "takes the properties that are sent", rule)

    def _near(
        self, name: str, inner: Shape, properties: Object, expected: Mapping[str, Shape]
    ) -> str:
        """Return the property that may be meant by a missing one: of a like name, or the only other
        one of its kind.
        """
        own = {key.removesuffix("?") for key in expected}
        others = [each for each in properties if each not in own]
        like = difflib.get_close_matches(name, others, n=1)
        if like:
            return like[0]

        word = describe(inner).partition(" ")[0]
        # One alternative of the kind is enough.
        same = [each for each in others if word in self._kinds(properties[each])]
        return same[0] if len(same) == 1 else ""

    def _demands(
        self, expected: Mapping[str, Shape], properties: Object, required: set[str], where: str
    ) -> Iterator[Gap]:
        """Yield the properties that the contract demands and the layer does not always send."""
        for name in sorted(required - set(expected)):
            schema = properties.get(name, {})
            if schema.get("readOnly"):
                # OpenAPI: what is read-only is not sent, even where it is required.
                continue
            sometimes = " always" if f"{name}?" in expected else ""
            demand = f"required{sometimes}: {'|'.join(sorted(self._kinds(schema)))}"
            yield Gap(join(where, "properties", name), "nothing else required", demand)

    def _kinds(self, schema: Any) -> set[str]:
        """Return the type of each alternative of a schema."""
        return {kind(option) for option in self._options(schema)}


def _is_null(schema: Object) -> bool:
    return bare(schema) == NULL


def kind(schema: Object) -> str:
    """Return the type of a schema in one word."""
    if "type" in schema:
        return str(schema["type"])
    if bare(schema) == NOTHING:
        return "nothing"
    return "|".join(sorted({json_type(value) for value in schema.get("enum", [])})) or "any"


def describe(expected: Shape) -> str:
    """Return a shape in one word."""
    if isinstance(expected, str):
        types, _, form = expected.partition(":")
        return f"{types} ({form})" if form else types
    return "object" if isinstance(expected, Mapping) else "array"
