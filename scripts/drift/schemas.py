"""Two schemas compared, from the point of view of one who sends what they describe, or reads it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..contract.fitting import kind
from ..contract.pointers import Object, join
from ..contract.schemas import is_annotation
from . import keywords
from .findings import BREAKING, INFO, WARNING, Level, Note, brief
from .unions import Place, Schemas, match, split_null
from .use import Use

_HANDLED = keywords.HANDLED | {
    "type", "$ref", "anyOf", "oneOf", "allOf", "properties", "required", "items", "prefixItems",
    "additionalProperties",
}  # fmt: skip


@dataclass
class Pair:
    """Two schemas compared once, however many operations lead to them: what was found, and which
    pairs are inside.
    """

    said: list[tuple[Any, ...]] = field(default_factory=list)
    inside: list[tuple["Pair", str]] = field(default_factory=list)


class Comparison:
    """The schemas of two documents compared, in one direction."""

    def __init__(self, old: Schemas, new: Schemas, *, sends: bool) -> None:
        self._old, self._new, self._sends = old, new, sends
        self._side = "request" if sends else "response"
        self._pairs: dict[tuple[str, str, Use | None], Pair] = {}
        self._current = Pair()

    def tell(self, old: Place, new: Place, use: Use | None, note: Note, where: str = "") -> None:
        """Tell `note` everything that has changed from `old` to `new` and in what they contain,
        each thing once.

        `where` is what the two are in their operation; the path of a property is written behind it.
        """
        top = self._current = Pair()
        self.compare(old, new, use)
        seen: set[int] = set()
        todo = [(top, where)]
        for pair, path in todo:
            if id(pair) in seen:
                continue
            seen.add(id(pair))
            for level, rule, pointer, before, after, inner, lost in pair.said:
                note(level, rule, pointer, before, after, inner, lost=lost, path=path)
            todo += [(inside, path + step) for inside, step in pair.inside]

    def opened(self, old: Place, new: Place) -> tuple[Place, Place]:
        """Return what two references lead to, each in its document."""
        return self._old.opened(old), self._new.opened(new)

    def compare(self, old: Place, new: Place, use: Use | None, step: str = "") -> None:
        """Everything that has changed from `old` to `new`, which stand one `step` below the pair at
        hand.
        """
        if self._old.fingerprint(old.schema) == self._new.fingerprint(new.schema):
            return
        key = (self._old.opened(old).pointer, self._new.opened(new).pointer, use)
        known = self._pairs.get(key)
        pair = known or Pair()
        self._current.inside.append((pair, step))
        if known is not None:
            return
        self._pairs[key] = pair
        outer, self._current = self._current, pair
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
        self._discriminator(self._old.opened(old), self._new.opened(new), use)
        if len(olds) == len(news) == 1:
            self._pair(olds[0], news[0], use)
            return
        matching = match(olds, news, self._old, self._new)
        for one, other in matching.pairs:
            self.compare(one, other, use)
        for one in matching.gone:
            self._say(
                BREAKING if self._sends else INFO,
                "variant-removed",
                one.pointer,
                one.schema,
                None,
                use,
            )
        for other in matching.fresh:
            self._say(
                INFO if self._sends else BREAKING,
                "variant-added",
                other.pointer,
                None,
                other.schema,
                use,
            )

    def _discriminator(self, old: Place, new: Place, use: Use | None) -> None:
        """The property that says which alternative is meant, and its words."""
        was, now = (place.schema.get("discriminator") for place in (old, new))
        if not isinstance(was, dict) or not isinstance(now, dict):
            return
        pointer = join(old.pointer, "discriminator")
        if was.get("propertyName") != now.get("propertyName"):
            self._say(
                BREAKING,
                "discriminator-changed",
                pointer,
                was.get("propertyName"),
                now.get("propertyName"),
                use,
            )
        before, after = (set(each.get("mapping") or ()) for each in (was, now))
        for tag in sorted(before - after):
            level = BREAKING if self._sends else INFO
            self._say(
                level, "discriminator-word-removed", join(pointer, "mapping", tag), tag, None, use
            )
        for tag in sorted(after - before):
            level = INFO if self._sends else WARNING
            self._say(
                level, "discriminator-word-added", join(pointer, "mapping", tag), None, tag, use
            )

    def _say(
        self,
        level: Level,
        rule: str,
        pointer: str,
        before: Any,
        after: Any,
        use: Use | None,
        *,
        lost: bool = False,
    ) -> None:
        words = brief(before), brief(after)
        self._current.said.append((level, f"{self._side}-{rule}", pointer, *words, use, lost))

    def _nullability(self, old: Place, was: bool, now: bool, use: Use | None) -> None:
        if was == now:
            return
        rule = "became-nullable" if now else "no-longer-nullable"
        words = ("may be null", "never null") if was else ("never null", "may be null")
        if now == self._sends:
            level = INFO
        elif use is not None and (self._sends or use.may_be_none):
            # The layer sends no null, and reads it as what is not there.
            level = WARNING
        else:
            level = BREAKING
        self._say(level, rule, old.pointer, *words, use)

    def _pair(self, old: Place, new: Place, use: Use | None) -> None:
        if kind(old.schema) != kind(new.schema):
            self._kind(old, new, use)
            return
        for step in keywords.changes(old.schema, new.schema, sends=self._sends):
            pointer = join(old.pointer, step.keyword)
            level = step.level
            if step.keyword == "format" and not self._sends and use is not None:
                # But for days and moments, a format says nothing of how a value is read.
                level = level if use.hint in (date, datetime) else min(level, WARNING)
            self._say(level, step.rule, pointer, step.before, step.after, use)
        self._properties(old, new, use)
        self._more_properties(old, new, use)
        self._items(old, new, use)
        self._parts(old, new, use)
        self._rest(old, new, use)

    def _kind(self, old: Place, new: Place, use: Use | None) -> None:
        was, now = kind(old.schema), kind(new.schema)
        wider = now == "any" or (was, now) == ("integer", "number")
        narrower = was == "any" or (was, now) == ("number", "integer")
        rule = "type-widened" if wider else "type-narrowed" if narrower else "type-changed"
        fine = wider if self._sends else narrower
        level = INFO if fine else BREAKING
        self._say(level, rule, old.pointer, _type(old.schema), _type(new.schema), use)

    def _properties(self, old: Place, new: Place, use: Use | None) -> None:
        mine, others = old.schema.get("properties", {}), new.schema.get("properties", {})
        for name in mine.keys() - others.keys():
            self._removed(old, new, name, use)
        for name in others.keys() - mine.keys():
            self._added(new, name, use)
        for name in mine.keys() & others.keys():
            inner = use.property(name) if use else None
            self._presence(old, new, name, use, inner)
            self.compare(
                old.child("properties", name), new.child("properties", name), inner, f".{name}"
            )
        self._undeclared(old, new, use)

    def _removed(self, old: Place, new: Place, name: str, use: Use | None) -> None:
        place, inner = old.child("properties", name), use.property(name) if use else None
        required = name in old.schema.get("required", [])
        bad = new.schema.get("additionalProperties") is False if self._sends else required
        level = BREAKING if bad else WARNING
        self._say(level, "property-removed", place.pointer, place.schema, None, inner, lost=True)

    def _added(self, new: Place, name: str, use: Use | None) -> None:
        place, required = new.child("properties", name), name in new.schema.get("required", [])
        if not self._sends:
            self._say(
                INFO,
                "property-added",
                place.pointer,
                None,
                place.schema,
                use.property(name) if use else None,
            )
        elif required and not self._new.opened(place).schema.get("readOnly"):
            # Whatever it is called, the one who does not send it is hit.
            self._say(BREAKING, "required-property-added", place.pointer, None, place.schema, use)
        else:
            inner = use.property(name) if use else None
            self._say(INFO, "property-added", place.pointer, None, place.schema, inner)

    def _undeclared(self, old: Place, new: Place, use: Use | None) -> None:
        """Names that are required, though no property of that name is described."""
        was, now = (
            set(place.schema.get("required", [])) - place.schema.get("properties", {}).keys()
            for place in (old, new)
        )
        for name in sorted(now - was - old.schema.get("properties", {}).keys()):
            level = BREAKING if self._sends else INFO
            self._say(
                level, "required-property-added", join(new.pointer, "required"), None, name, use
            )
        for name in sorted(was - now - new.schema.get("properties", {}).keys()):
            level = INFO if self._sends else WARNING
            inner = use.property(name) if use else None
            self._say(level, "became-optional", join(old.pointer, "required"), name, None, inner)

    def _presence(
        self, old: Place, new: Place, name: str, use: Use | None, inner: Use | None
    ) -> None:
        was, now = (name in place.schema.get("required", []) for place in (old, new))
        if was == now:
            return
        pointer, words = old.child("properties", name).pointer, ("required", "optional")
        rule, said = ("became-required", words[::-1]) if now else ("became-optional", words)
        if now != self._sends:
            level = INFO
        elif inner is not None and inner.may_be_none != self._sends:
            # The layer always sends it, or does without it.
            level = WARNING
        else:
            level = BREAKING
        self._say(level, rule, pointer, *said, inner or (use if self._sends else None))

    def _more_properties(self, old: Place, new: Place, use: Use | None) -> None:
        was, now = (place.schema.get("additionalProperties", True) for place in (old, new))
        if isinstance(was, dict) and isinstance(now, dict):
            self.compare(
                old.child("additionalProperties"), new.child("additionalProperties"), None, ".*"
            )
        elif was != now:
            tighter = now is False or (was is True and isinstance(now, dict))
            rule = "object-closed" if tighter else "object-opened"
            level = BREAKING if tighter and self._sends else INFO
            self._say(level, rule, join(old.pointer, "additionalProperties"), was, now, use)

    def _items(self, old: Place, new: Place, use: Use | None) -> None:
        inner = use.item() if use else None
        if "items" in old.schema or "items" in new.schema:
            one, other = _or_any(old, "items"), _or_any(new, "items")
            self.compare(one, other, inner, "[]")
        mine, others = old.schema.get("prefixItems", []), new.schema.get("prefixItems", [])
        for index in range(min(len(mine), len(others))):
            self.compare(
                old.child("prefixItems", index), new.child("prefixItems", index), None, f"[{index}]"
            )
        if len(mine) != len(others):
            self._say(
                BREAKING,
                "tuple-changed",
                join(old.pointer, "prefixItems"),
                len(mine),
                len(others),
                use,
            )

    def _parts(self, old: Place, new: Place, use: Use | None) -> None:
        """Parts of an `allOf` that could not be folded: every one of them holds."""
        olds = [old.child("allOf", index) for index in range(len(old.schema.get("allOf", [])))]
        news = [new.child("allOf", index) for index in range(len(new.schema.get("allOf", [])))]
        opened = (
            [self._old.opened(place) for place in olds],
            [self._new.opened(place) for place in news],
        )
        found = match(*opened, self._old, self._new)
        for one, other in found.pairs:
            self.compare(one, other, use)
        for one in found.gone:
            self._say(
                INFO if self._sends else BREAKING,
                "part-removed",
                one.pointer,
                one.schema,
                None,
                use,
            )
        for other in found.fresh:
            self._say(
                BREAKING if self._sends else INFO,
                "part-added",
                other.pointer,
                None,
                other.schema,
                use,
            )

    def _rest(self, old: Place, new: Place, use: Use | None) -> None:
        """Keywords that no rule speaks of."""
        united = {"anyOf", "oneOf"} if "type" in old.schema else set()
        for key in sorted(old.schema.keys() | new.schema.keys()):
            if is_annotation(key) or key in _HANDLED - united:
                continue
            was, now = old.schema.get(key), new.schema.get(key)
            before, after = (
                {key: place.schema[key]} if key in place.schema else {} for place in (old, new)
            )
            if self._old.fingerprint(before) != self._new.fingerprint(after):
                self._say(WARNING, "keyword-changed", join(old.pointer, key), was, now, use)


def _or_any(place: Place, key: str) -> Place:
    return place.child(key) if key in place.schema else Place({}, place.pointer)


def _type(schema: Object) -> str:
    return kind(schema) + (f" ({schema['format']})" if "format" in schema else "")
