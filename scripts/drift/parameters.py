"""The parameters of two operations compared."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..contract.pointers import canonical_json, join, split
from ..contract.schemas import is_annotation
from ..contract.values import LARGEST, samples
from .contents import schema_of
from .findings import BREAKING, INFO, WARNING, Level, Notes, Remark, brief
from .schemas import Comparison
from .unions import Place
from .use import Use, Used

# Where a parameter is, and its name.
Key = tuple[str, str]
_SPELLING = ("style", "explode")
_OF_MANY = {"array", "object", "any"}
_CEILINGS: Mapping[str, Callable[[Any], int]] = {"maximum": int, "maxLength": len}
# What the size of a page is called, in small letters.
_SIZES = {"limit", "pagesize", "perpage", "size", "take", "top", "maxresults"}
_HANDLED = {"name", "in", "required", "schema", "content", "deprecated", *_SPELLING}


def compare_parameters(
    old: Place, new: Place, sent: Comparison, used: Used | None, notes: Notes, *, moved: bool
) -> None:
    """Tell what has changed. The path parameters of an operation that has moved belong to its
    route.
    """
    comparison = _Parameters(sent, used, notes)
    olds = _parameters(old, moved=moved)
    news = _parameters(new, moved=moved)
    gone = olds.keys() - news.keys()
    names_gone = {name for _, name in gone}
    for key in sorted(gone):
        comparison.removed(key, olds[key], news)
    for key in sorted(news.keys() - olds.keys()):
        # In another place it is the same parameter, and told as that.
        if key[1] not in names_gone:
            comparison.added(key, news[key])
    for key in sorted(olds.keys() & news.keys()):
        comparison.changed(key, olds[key], news[key])


def _parameters(operation: Place, *, moved: bool) -> dict[Key, Place]:
    """Return the parameters of an operation; of one that has moved, without those of its path."""
    parameters: dict[Key, Place] = {}
    for index in range(len(operation.schema.get("parameters", []))):
        place = operation.child("parameters", index)
        key = (place.schema["in"], place.schema["name"])
        if moved and key[0] == "path":
            continue
        parameters[key] = place
    return parameters


class _Parameters:
    """The comparison of single parameters of one operation."""

    def __init__(self, sent: Comparison, used: Used | None, notes: Notes) -> None:
        self._sent = sent
        self._used = used
        self._notes = notes

    @property
    def _itself(self) -> Use | None:
        return self._used.itself if self._used is not None else None

    def _use_of(self, key: Key) -> Use | None:
        return self._used.parameter(*key) if self._used is not None else None

    def removed(self, key: Key, place: Place, news: dict[Key, Place]) -> None:
        """Tell that a parameter is gone, or in another place."""
        elsewhere = next((other for other in news if other[1] == key[1]), None)
        if elsewhere is None:
            # Without a part of its path it is another route.
            level = BREAKING if key[0] == "path" else WARNING
            use = self._use_of(key)
            rule = "parameter-removed"
            self._notes.say(level, rule, place.pointer, _words(key), None, use, is_lost=True)
            return

        # Who did not send it so far is hit where it is required now.
        use = self._itself if news[elsewhere].schema["required"] else self._use_of(key)
        rule = "parameter-moved"
        self._notes.say(BREAKING, rule, place.pointer, _words(key), _words(elsewhere), use)

    def added(self, key: Key, place: Place) -> None:
        """Tell that there is one more parameter."""
        if place.schema["required"]:
            rule = "required-parameter-added"
            self._notes.say(BREAKING, rule, place.pointer, None, _words(key), self._itself)
        elif self._cuts_a_whole_list(key, place):
            rule = "response-in-pages"
            after = f"{_words(key)}, default {schema_of(place).schema['default']}"
            self._notes.say(BREAKING, rule, place.pointer, "the whole list", after, self._itself)
        else:
            self._notes.say(INFO, "parameter-added", place.pointer, None, _words(key), None)

    def _cuts_a_whole_list(self, key: Key, place: Place) -> bool:
        """Return whether a list that the layer reads whole ends at the size of a first page."""
        if self._used is None or not self._used.reads_whole_list:
            return False
        is_size = re.sub("[^a-z]", "", key[1].lower()) in _SIZES
        return is_size and "default" in schema_of(place).schema

    def changed(self, key: Key, old: Place, new: Place) -> None:
        """Tell what has changed of a parameter that is still there."""
        use = self._use_of(key)
        self._presence(old, new, use)
        if not self._is_spelled_alike(old, new):
            for keyword in _SPELLING:
                self._keyword(BREAKING, "parameter-spelling-changed", keyword, old, new, use)
        if new.schema.get("deprecated") and not old.schema.get("deprecated"):
            rule = "parameter-deprecated"
            self._notes.say(WARNING, rule, old.pointer, _name(old), "deprecated", use)
        self._schema(old, new, use)
        for keyword in sorted((old.schema.keys() | new.schema.keys()) - _HANDLED):
            if not is_annotation(keyword):
                self._keyword(WARNING, "parameter-keyword-changed", keyword, old, new, use)

    def _is_spelled_alike(self, old: Place, new: Place) -> bool:
        """Return whether only `explode` can differ, which means nothing for one plain value."""
        is_one_style = old.schema.get("style") == new.schema.get("style")
        return is_one_style and _OF_MANY.isdisjoint(
            self._sent.kinds(schema_of(old), schema_of(new))
        )

    def _presence(self, old: Place, new: Place, use: Use | None) -> None:
        """Tell that a parameter has become required, or optional."""
        optional = f"optional {_name(old)}"
        required = f"required {_name(old)}"
        was = old.schema["required"]
        now = new.schema["required"]
        if was and not now:
            rule = "parameter-became-optional"
            self._notes.say(INFO, rule, old.pointer, required, optional, use)
        if now and not was:
            # The layer always sends its headers, and may leave out filters.
            is_sent = use is not None and old.schema["in"] == "header"
            level = WARNING if is_sent else BREAKING
            rule = "parameter-became-required"
            self._notes.say(level, rule, old.pointer, optional, required, self._itself)

    def _schema(self, old: Place, new: Place, use: Use | None) -> None:
        was_encoded = "content" in old.schema
        is_encoded = "content" in new.schema
        if was_encoded and is_encoded:
            self._keyword(WARNING, "parameter-keyword-changed", "content", old, new, use)
        elif was_encoded or is_encoded:
            # A plain text and a JSON text of one value are different bytes.
            before = f"{_name(old)}: {'encoded' if was_encoded else 'plain'}"
            after = f"{_name(old)}: {'encoded' if is_encoded else 'plain'}"
            rule = "parameter-spelling-changed"
            self._notes.say(BREAKING, rule, old.pointer, before, after, use)
        else:
            notes = _SampledNotes(self._notes, self._largest(old))
            self._sent.tell(schema_of(old), schema_of(new), use, notes, _name(old))

    def _largest(self, parameter: Place) -> list[Any]:
        """Return samples of what the layer sends in a parameter, with the largest; none where any
        value may be sent.
        """
        key = (parameter.schema["in"], parameter.schema["name"].lower())
        if self._used is None or key not in LARGEST:
            return []
        return samples(self._used.name).get(key, [])

    def _keyword(
        self, level: Level, rule: str, keyword: str, old: Place, new: Place, use: Use | None
    ) -> None:
        was = old.schema.get(keyword)
        now = new.schema.get(keyword)
        if canonical_json(was) == canonical_json(now):
            return
        before = f"{_name(old)}: {keyword} {brief(was)}"
        after = f"{_name(old)}: {keyword} {brief(now)}"
        self._notes.say(level, rule, join(old.pointer, keyword), before, after, use)


class _SampledNotes(Notes):
    """The changes of a parameter: a ceiling that takes the largest value of the layer does not
    break the layer.
    """

    def __init__(self, notes: Notes, values: Sequence[Any]) -> None:
        self._notes = notes
        self._values = values

    def add(self, remark: Remark, *, path: str = "") -> None:
        """Write a change down."""
        if self._fits(remark):
            # An app that sends larger values of its own may still be hit.
            remark = replace(remark, level=WARNING)
        self._notes.add(remark, path=path)

    def _fits(self, remark: Remark) -> bool:
        """Return True for a ceiling that every value of the layer stays below."""
        size = _CEILINGS.get(split(remark.pointer)[-1])
        if size is None or remark.rule != "request-bound-tightened" or not self._values:
            return False
        return all(size(value) <= remark.after for value in self._values)


def _words(key: Key) -> str:
    return f"{key[0]} parameter {key[1]}"


def _name(place: Place) -> str:
    return _words((place.schema["in"], place.schema["name"]))
