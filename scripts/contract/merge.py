"""`allOf`, and a base beside a union, folded into plain schemas."""

from collections.abc import Callable
from functools import partial
from typing import Any

from .errors import StepError
from .pointers import Object, canonical_json
from .schemas import NULL, bare, is_annotation

Look = Callable[[Object], Object]
# Parts that are unions multiply: ten alternatives three times over are a thousand.
MOST_ALTERNATIVES = 256


class ConflictError(Exception):
    """Two schemas that cannot be said as one."""


def merge(left: Any, right: Any, look: Look) -> Any:
    """One schema for what fits both. Raises ConflictError when there is no plain way to say it.

    `look` opens a reference. What `left` says to people wins.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return _merge_bool(left, right)
    if not bare(right) or bare(left) == bare(right):
        return {**right, **left}
    if not bare(left):
        return {**right, **left}
    left = look(left)
    right = look(right)
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
    """The schema without its `allOf`, or as it was when that cannot be folded."""
    if "allOf" not in schema:
        return schema
    folded: Any = {key: value for key, value in schema.items() if key != "allOf"}
    try:
        for branch in schema["allOf"]:
            folded = merge(folded, branch, look)
    except ConflictError:
        return schema
    return dict(folded)


def fold_base(schema: Object, look: Look) -> Object:
    """Alternatives beside other keywords become alternatives that hold those keywords."""
    for key in ("anyOf", "oneOf"):
        base = {
            name: value
            for name, value in bare(schema).items()
            if name not in (key, "discriminator")
        }
        if key in schema and base and not any(map(only_presence, schema[key])):
            said = {
                name: schema[name]
                for name in schema
                if is_annotation(name) or name == "discriminator"
            }
            union = {**said, key: schema[key]}
            try:
                return _each(union, partial(merge, base, look=look))
            except ConflictError:
                return schema
    return schema


def _merge_bool(left: Any, right: Any) -> Any:
    if left is False or right is False:
        return False
    return right if left is True else left


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
    options = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    return sum(_alternatives(each) for each in options)


def _plain(left: Object, right: Object, look: Look) -> Object:
    new = {**right, **left}
    for key in left.keys() & right.keys():
        if left[key] != right[key] and not is_annotation(key):
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
    says_nothing_else = len(bare(schema).keys() - {"discriminator"}) == 1
    for key in ("anyOf", "oneOf"):
        if key in schema and "type" not in schema and says_nothing_else:
            return _tidy(schema, key)
    return schema


def _tidy(schema: Object, key: str) -> Object:
    said = {name: value for name, value in schema.items() if name != key}
    found = {canonical_json(bare(item)): item for item in _join_enums(_spliced(schema[key]))}
    options = [found[text] for text in sorted(found)]
    if len(options) == 1:
        # Of one alternative nothing has to be told apart.
        said.pop("discriminator", None)
        return {**options[0], **said}
    if key == "anyOf" and "{}" in found:
        return said
    # Null is never anything else as well, so beside one other alternative "one" and "any" mean the
    # same.
    if len(options) == 2 and any(bare(option) == NULL for option in options):
        key = "anyOf"
    return {**said, key: options}


def _spliced(options: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for option in options:
        inner = tidy_union(option)
        nested = inner.get("anyOf") or inner.get("oneOf")
        flat += nested if nested and is_union(inner) else [inner]
    return flat


def _join_enums(options: list[Any]) -> list[Any]:
    """Return alternatives whose constants of one type are one enum."""
    rest: list[Any] = []
    enums: dict[str, Object] = {}
    for option in options:
        if set(bare(option)) == {"enum", "type"} and option["type"] in ("string", "integer"):
            joined = enums.setdefault(option["type"], {"type": option["type"], "enum": []})
            by_text = {canonical_json(value): value for value in [*joined["enum"], *option["enum"]]}
            joined["enum"] = [by_text[text] for text in sorted(by_text)]
        else:
            rest.append(option)
    return rest + list(enums.values())
