"""`allOf`, and a base beside a union, folded into plain schemas."""

from collections.abc import Callable
from functools import partial
from typing import Any

from .errors import StepError
from .pointers import Object, canonical_json
from .schemas import NOTHING, NULL, alternatives, annotations, bare, drop, is_annotation

Look = Callable[[Object], Object]
# Parts that are unions multiply: ten alternatives three times over are a thousand.
MOST_ALTERNATIVES = 256


class ConflictError(Exception):
    """Two schemas that cannot be said as one."""


def merge(left: Any, right: Any, look: Look) -> Any:
    """Return one schema for what fits both. Raises ConflictError when there is no plain way to say
    it.

    `look` opens a reference. What `left` says to people wins.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return _merge_bool(left, right)
    if not bare(right) or bare(left) == bare(right):
        return {**right, **left}
    if not bare(left):
        return {**right, **left}

    # Only now, since opening a reference may lead round in a circle.
    left = look(left)
    right = look(right)

    # Each alternative is merged on its own; those that contradict the other side fall out.
    if is_union(left):
        return _each(left, partial(_merge_into, right, look))
    if is_union(right):
        return _each(right, partial(merge, left, look=look))
    return _plain(left, right, look)


def _merge_into(right: Any, look: Look, left: Any) -> Any:
    return merge(left, right, look)


def is_union(schema: Object) -> bool:
    """Return whether a schema is nothing but alternatives."""
    return "type" not in schema and ("anyOf" in schema or "oneOf" in schema)


def only_presence(variant: Any) -> bool:
    """Return whether an alternative says no more than which properties must be there."""
    return isinstance(variant, dict) and bool(variant) and set(bare(variant)) <= {"required", "not"}


def fold_all_of(schema: Object, look: Look) -> Object:
    """Return the schema without its `allOf`, or as it was when that cannot be folded."""
    if "allOf" not in schema:
        return schema
    folded: Any = drop(schema, "allOf")
    try:
        for branch in schema["allOf"]:
            folded = merge(folded, branch, look)
    except ConflictError:
        return schema
    return dict(folded)


def fold_base(schema: Object, look: Look) -> Object:
    """Return alternatives beside other keywords as alternatives that hold those keywords."""
    for key in ("anyOf", "oneOf"):
        base = drop(bare(schema), key, "discriminator")
        if key not in schema or not base:
            continue
        if any(map(only_presence, schema[key])):
            continue

        union = {**annotations(schema), key: schema[key]}
        if "discriminator" in schema:
            union["discriminator"] = schema["discriminator"]
        try:
            return _each(union, partial(merge, base, look=look))
        except ConflictError:
            return schema
    return schema


def _merge_bool(left: Any, right: Any) -> Any:
    """Return what fits two schemas of which one is `true` (any value) or `false` (none)."""
    if left is False or right is False:
        return False

    # The one that is `true` adds nothing to the other.
    if left is True:
        return right
    return left


def _each(union: Object, change: Callable[[Any], Any]) -> Object:
    key = "anyOf" if "anyOf" in union else "oneOf"
    fitting: list[Any] = []
    number = 0
    for variant in union[key]:
        try:
            fitting.append(change(variant))
        except ConflictError:
            continue

        number += _alternatives(fitting[-1])
        if number > MOST_ALTERNATIVES:
            raise StepError(
                "normalise",
                f"an allOf of alternatives has more than {MOST_ALTERNATIVES} combinations",
            )
    if not fitting:
        raise ConflictError
    return {**union, key: fitting}


def _alternatives(schema: Any) -> int:
    """Return how many alternatives a schema comes to, those inside its alternatives counted."""
    if not isinstance(schema, dict) or not is_union(schema):
        return 1
    return sum(_alternatives(each) for each in alternatives(schema))


def _plain(left: Object, right: Object, look: Look) -> Object:
    new = {**right, **left}
    for key in left.keys() & right.keys():
        if is_annotation(key):
            continue
        if left[key] != right[key]:
            new[key] = _both(key, left[key], right[key], look)
    return new


def _both(key: str, left: Any, right: Any, look: Look) -> Any:
    if key == "properties":
        return _properties(left, right, look)
    if key == "required":
        return sorted({*left, *right})
    if key in ("items", "additionalProperties"):
        return merge(left, right, look)
    if key == "enum":
        return _common(left, right)
    if key == "type" and {left, right} == {"integer", "number"}:
        return "integer"
    if key.startswith(("min", "exclusiveMin")):
        return max(left, right)
    if key.startswith(("max", "exclusiveMax")):
        return min(left, right)

    # Two formats or two patterns: no schema says both.
    raise ConflictError


def _properties(left: Object, right: Object, look: Look) -> Object:
    both = {name: merge(left[name], right[name], look) for name in left.keys() & right.keys()}
    return {**left, **right, **both}


def _common(left: list[Any], right: list[Any]) -> list[Any]:
    common = [value for value in left if value in right]
    if not common:
        raise ConflictError
    return common


def tidy_union(schema: Object) -> Object:
    """Return alternatives flat, each once, in an order that follows from what they say."""
    keywords = bare(schema).keys() - {"discriminator"}
    if keywords == {"anyOf"}:
        return _tidy(schema, "anyOf")
    if keywords == {"oneOf"}:
        return _tidy(schema, "oneOf")
    return schema


def _tidy(schema: Object, key: str) -> Object:
    rest = drop(schema, key)
    joined = _join_enums(_spliced(schema[key]))
    by_text = {canonical_json(bare(item)): item for item in joined}
    if len(by_text) > 1:
        by_text.pop(canonical_json(NOTHING), None)
    options = [by_text[text] for text in sorted(by_text)]

    if len(options) == 1:
        # Of one alternative nothing has to be told apart.
        return {**options[0], **drop(rest, "discriminator")}
    if key == "anyOf" and "{}" in by_text:
        return rest

    # Null is never anything else as well, so beside one other alternative "one" and "any" mean the
    # same.
    if len(options) == 2 and any(bare(option) == NULL for option in options):
        key = "anyOf"
    return {**rest, key: options}


def _spliced(options: list[Any]) -> list[Any]:
    """Return alternatives with those that are unions themselves replaced by what is in them."""
    flat: list[Any] = []
    for option in options:
        inner = tidy_union(option)
        nested = inner.get("anyOf") or inner.get("oneOf")
        if nested and is_union(inner):
            flat += nested
        else:
            flat.append(inner)
    return flat


def _join_enums(options: list[Any]) -> list[Any]:
    """Return alternatives whose constants of one type are one enum."""
    rest: list[Any] = []
    words: dict[str, list[Any]] = {}
    for option in options:
        is_enum = set(bare(option)) == {"enum", "type"}
        if is_enum and option["type"] in ("string", "integer"):
            words.setdefault(option["type"], []).extend(option["enum"])
        else:
            rest.append(option)

    for kind, values in words.items():
        by_text = {canonical_json(value): value for value in values}
        rest.append({"type": kind, "enum": [by_text[text] for text in sorted(by_text)]})
    return rest
