"""Two schemas compared, from the point of view of one who sends what they describe, or reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ..contract.fitting import kind
from ..contract.pointers import Object, join
from ..contract.schemas import is_annotation
from ..contract.values import SIGNED, missing_words
from . import keywords
from .discriminators import discriminator_remarks
from .findings import BREAKING, INFO, WARNING, Level, Notes, Remark
from .objects import Objects
from .unions import Place, Schemas, match, split_null
from .use import Use

_HANDLED = keywords.HANDLED | {
    "type", "$ref", "anyOf", "oneOf", "allOf", "properties", "required", "items", "prefixItems",
    "additionalProperties",
}  # fmt: skip

# The last word of a path: `accountId`, `id`, `x-organization-id`.
_ID = re.compile(r"(\b|_)id$|[a-z]Id$")


@dataclass
class Pair:
    """Two schemas compared once, however many operations lead to them: the remarks on them, and the
    pairs inside, each with the step that leads there.
    """

    remarks: list[Remark] = field(default_factory=list)
    inside: list[tuple["Pair", str]] = field(default_factory=list)


class Comparison:
    """The schemas of two documents compared, in one direction."""

    def __init__(self, old: Schemas, new: Schemas, *, sends: bool) -> None:
        self._old = old
        self._new = new
        self._sends = sends
        self._side = "request" if sends else "response"
        self._pairs: dict[tuple[str, str, Use | None], Pair] = {}
        self._current = Pair()

    def tell(self, old: Place, new: Place, use: Use | None, notes: Notes, where: str = "") -> None:
        """Tell `notes` everything that has changed from `old` to `new` and in what they contain,
        each thing once.

        `where` is what the two are in their operation; the path of a property is written behind it.
        """
        top = Pair()
        self._current = top
        self.compare(old, new, use)
        visited: set[int] = set()
        todo = [(top, where)]
        for pair, path in todo:
            if id(pair) in visited:
                continue
            visited.add(id(pair))
            for remark in pair.remarks:
                notes.add(_weighed(remark, path), path=path)
            todo += [(inside, path + step) for inside, step in pair.inside]

    def opened(self, old: Place, new: Place) -> tuple[Place, Place]:
        """Return what two references lead to, each in its document."""
        return self._old.opened(old), self._new.opened(new)

    def kinds(self, old: Place, new: Place) -> set[str]:
        """Return the types of two schemas, of each of their alternatives."""
        options = [*self._old.options(old), *self._new.options(new)]
        return {kind(option.schema) for option in options}

    def compare(self, old: Place, new: Place, use: Use | None, step: str = "") -> None:
        """Find everything that has changed from `old` to `new`, which stand one `step` below the
        pair at hand.
        """
        if self._old.fingerprint(old.schema) == self._new.fingerprint(new.schema):
            return

        # Once for each pair and use: documents lead to one schema from everywhere.
        key = (self._old.opened(old).pointer, self._new.opened(new).pointer, use)
        is_fresh = key not in self._pairs
        pair = self._pairs.setdefault(key, Pair())
        self._current.inside.append((pair, step))
        if not is_fresh:
            return

        # It is among the pairs before it is compared: a schema may lead back to itself.
        outer = self._current
        self._current = pair
        try:
            self._alternatives(old, new, use)
        except Exception:
            # Whoever leads to it next must not take it for compared.
            del self._pairs[key]
            raise
        finally:
            self._current = outer

    def _alternatives(self, old: Place, new: Place, use: Use | None) -> None:
        olds, was_null = split_null(self._old.options(old))
        news, is_null = split_null(self._new.options(new))
        self._nullability(old, was_null, is_null, use)
        for remark in discriminator_remarks(*self.opened(old, new), use, sends=self._sends):
            self._add(remark)
        if len(olds) == len(news) == 1:
            self._pair(olds[0], news[0], use)
            return

        matching = match(olds, news, self._old, self._new)
        for one, other in matching.pairs:
            self.compare(one, other, use)
        for one in matching.gone:
            level = BREAKING if self._sends else INFO
            self._say(level, "variant-removed", one.pointer, one.schema, None, use)
        for other in matching.fresh:
            level = INFO if self._sends else BREAKING
            self._say(level, "variant-added", other.pointer, None, other.schema, use)

    def _nullability(self, old: Place, was: bool, now: bool, use: Use | None) -> None:
        if was == now:
            return
        level = self._level_of_null(use, is_null=now)
        if now:
            self._say(level, "became-nullable", old.pointer, "never null", "may be null", use)
        else:
            self._say(level, "no-longer-nullable", old.pointer, "may be null", "never null", use)

    def _level_of_null(self, use: Use | None, *, is_null: bool) -> Level:
        if is_null == self._sends:
            return INFO
        if use is None:
            return BREAKING

        # The layer sends no null, and reads it as what is not there.
        is_fine = self._sends or use.may_be_none
        return WARNING if is_fine else BREAKING

    def _pair(self, old: Place, new: Place, use: Use | None) -> None:
        if kind(old.schema) != kind(new.schema):
            self._kind(old, new, use)
            return
        for step in keywords.changes(old.schema, new.schema, sends=self._sends):
            pointer = join(old.pointer, step.keyword)
            level = self._level_of_keyword(step, new, use)
            self._say(level, step.rule, pointer, step.before, step.after, use)
        self._properties(old, new, use)
        self._items(old, new, use)
        self._parts(old, new, use)
        self._rest(old, new, use)

    def _level_of_keyword(self, step: keywords.Step, new: Place, use: Use | None) -> Level:
        # What is sent is not taken any more, or what is read is not there.
        hidden = "readOnly" if self._sends else "writeOnly"
        if step.keyword == hidden and step.after and use is not None:
            return BREAKING
        if step.keyword == "enum" and not self._sends and use is not None:
            return BREAKING if _lacks_a_word(step, new, use) else step.level
        if step.keyword == "minimum" and use is not None and use.field in SIGNED:
            is_sign_gone = step.rule == "bound-tightened" and step.after >= 0
            return BREAKING if is_sign_gone else step.level
        if step.keyword != "format" or self._sends:
            return step.level

        # A format decides how the layer reads days and moments, and nothing else.
        reads_days = use is None or use.hint in (date, datetime)
        if reads_days:
            return step.level
        return min(step.level, WARNING)

    def _kind(self, old: Place, new: Place, use: Use | None) -> None:
        was = kind(old.schema)
        now = kind(new.schema)
        is_wider = now == "any" or (was, now) == ("integer", "number")
        is_narrower = was == "any" or (was, now) == ("number", "integer")
        rule = "type-changed"
        if is_wider:
            rule = "type-widened"
        elif is_narrower:
            rule = "type-narrowed"

        # Who sends may send less than is taken, who reads may get less than is understood. But what
        # takes fractions is no amount of cents any more: 1250 would be twelve hundred dollars.
        is_fine = is_wider if self._sends else is_narrower
        if use is not None and use.is_money and now == "number":
            is_fine = False
        level = INFO if is_fine else BREAKING
        self._say(level, rule, old.pointer, _type(old.schema), _type(new.schema), use)

    def _properties(self, old: Place, new: Place, use: Use | None) -> None:
        objects = Objects(old, new, use, self._sends)
        for remark in objects.remarks(self._new):
            self._add(remark)
        olds, news = objects.names()
        for name in sorted(olds & news):
            one = old.child("properties", name)
            other = new.child("properties", name)
            inner = objects.use_of(name)
            if name == "organizationId" and inner is None and use is not None and not self._sends:
                inner = use.company()
            self.compare(one, other, inner, f".{name}")
        was = old.schema.get("additionalProperties")
        now = new.schema.get("additionalProperties")
        if isinstance(was, dict) and isinstance(now, dict):
            one = old.child("additionalProperties")
            self.compare(one, new.child("additionalProperties"), None, ".*")

    def _items(self, old: Place, new: Place, use: Use | None) -> None:
        if "items" in old.schema or "items" in new.schema:
            inner = use.item() if use is not None else None
            self.compare(_or_any(old, "items"), _or_any(new, "items"), inner, "[]")

        old_size = len(old.schema.get("prefixItems", []))
        new_size = len(new.schema.get("prefixItems", []))
        for index in range(min(old_size, new_size)):
            one = old.child("prefixItems", index)
            self.compare(one, new.child("prefixItems", index), None, f"[{index}]")
        if old_size != new_size:
            pointer = join(old.pointer, "prefixItems")
            self._say(BREAKING, "tuple-changed", pointer, old_size, new_size, use)

    def _parts(self, old: Place, new: Place, use: Use | None) -> None:
        """Compare the parts of an `allOf` that could not be folded: every one of them holds."""
        olds = [self._old.opened(part) for part in _parts_of(old)]
        news = [self._new.opened(part) for part in _parts_of(new)]
        matching = match(olds, news, self._old, self._new)
        for one, other in matching.pairs:
            self.compare(one, other, use)

        # A part less lets more values pass: good for who sends, bad for who reads.
        for one in matching.gone:
            level = INFO if self._sends else BREAKING
            self._say(level, "part-removed", one.pointer, one.schema, None, use)
        for other in matching.fresh:
            level = BREAKING if self._sends else INFO
            self._say(level, "part-added", other.pointer, None, other.schema, use)

    def _rest(self, old: Place, new: Place, use: Use | None) -> None:
        """Compare the keywords that no rule speaks of."""
        for key in sorted(old.schema.keys() | new.schema.keys()):
            if is_annotation(key) or _is_handled(key, old.schema):
                continue
            before = self._old.fingerprint(_only(key, old.schema))
            after = self._new.fingerprint(_only(key, new.schema))
            if before != after:
                was = old.schema.get(key)
                now = new.schema.get(key)
                self._say(WARNING, "keyword-changed", join(old.pointer, key), was, now, use)

    def _say(
        self, level: Level, rule: str, pointer: str, before: Any, after: Any, use: Use | None
    ) -> None:
        self._add(Remark(level, rule, pointer, before, after, use))

    def _add(self, remark: Remark) -> None:
        self._current.remarks.append(remark.on(self._side))


def _weighed(remark: Remark, path: str) -> Remark:
    """Return a remark at its level for what stands at a path: ids are the service's own, so that
    one who sends them fits where they have to be UUIDs.
    """
    is_uuid = remark.rule == "request-format-added" and remark.after == "uuid"
    return replace(remark, level=WARNING) if is_uuid and _ID.search(path) else remark


def _lacks_a_word(step: keywords.Step, new: Place, use: Use) -> bool:
    """Return whether an enum no longer has a word that the layer goes by in answers."""
    missing = missing_words(use.function, use.field, new.schema.get("enum", []))
    if step.rule == "enum-value-removed":
        return step.before in missing
    return step.rule == "enum-closed" and bool(missing)


def _is_handled(key: str, schema: Object) -> bool:
    # Alternatives beside a type were not taken for alternatives.
    is_left = key in ("anyOf", "oneOf") and "type" in schema
    return key in _HANDLED and not is_left


def _only(key: str, schema: Object) -> Object:
    return {key: schema[key]} if key in schema else {}


def _parts_of(place: Place) -> Iterator[Place]:
    for index in range(len(place.schema.get("allOf", []))):
        yield place.child("allOf", index)


def _or_any(place: Place, key: str) -> Place:
    return place.child(key) if key in place.schema else Place({}, place.pointer)


def _type(schema: Object) -> str:
    return kind(schema) + (f" ({schema['format']})" if "format" in schema else "")
