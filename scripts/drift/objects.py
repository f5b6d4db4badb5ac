"""The properties of two objects compared: which have come and gone, and which may be left out.

What is inside a property that both have, the comparison of schemas finds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..contract.pointers import join
from .findings import BREAKING, INFO, WARNING, Level, Remark
from .unions import Place, Schemas
from .use import Use


@dataclass(frozen=True)
class Objects:
    """An object in two documents, with what the layer makes of it."""

    old: Place
    new: Place
    use: Use | None
    sends: bool

    def remarks(self, new_schemas: Schemas) -> Iterator[Remark]:
        """Return what has changed in the properties, but for what is inside them."""
        olds, news = self.names()
        for name in sorted(olds - news):
            yield self._removed(name)
        for name in sorted(news - olds):
            yield self._added(name, new_schemas)
        for name in sorted(olds & news):
            yield from self._presence(name)

        yield from self._undeclared()
        yield from self._closed()

    def names(self) -> tuple[set[str], set[str]]:
        """Return the names of the properties, the old ones and the new ones."""
        return _described(self.old), _described(self.new)

    def use_of(self, name: str) -> Use | None:
        """Return what the layer makes of a property."""
        return self.use.property(name) if self.use is not None else None

    def _removed(self, name: str) -> Remark:
        place = self.old.child("properties", name)
        if self.sends:
            # What is not described may be sent all the same, unless the object is closed.
            is_broken = self.new.schema.get("additionalProperties") is False
        else:
            is_broken = name in _required(self.old)
        level = BREAKING if is_broken else WARNING
        use = self.use_of(name)
        return Remark(
            level, "property-removed", place.pointer, place.schema, None, use, is_lost=True
        )

    def _added(self, name: str, new_schemas: Schemas) -> Remark:
        place = self.new.child("properties", name)
        is_required = name in _required(self.new)
        if self.sends and is_required and not new_schemas.opened(place).schema.get("readOnly"):
            # Whatever it is called, the one who does not send it is hit.
            rule = "required-property-added"
            return Remark(BREAKING, rule, place.pointer, None, place.schema, self.use)
        use = self.use_of(name)
        return Remark(INFO, "property-added", place.pointer, None, place.schema, use)

    def _presence(self, name: str) -> Iterator[Remark]:
        """Return a remark on a property that has become required, or optional."""
        was = name in _required(self.old)
        now = name in _required(self.new)
        if was == now:
            return
        use = self.use_of(name)
        level = self._level_of_presence(use, is_required=now)
        if use is None and self.sends:
            use = self.use
        pointer = self.old.child("properties", name).pointer
        if now:
            yield Remark(level, "became-required", pointer, "optional", "required", use)
        else:
            yield Remark(level, "became-optional", pointer, "required", "optional", use)

    def _level_of_presence(self, use: Use | None, *, is_required: bool) -> Level:
        if is_required != self.sends:
            return INFO
        if use is None:
            return BREAKING

        # What cannot be None in the layer is always sent; what can be is not missed in an answer.
        is_fine = use.may_be_none != self.sends
        return WARNING if is_fine else BREAKING

    def _undeclared(self) -> Iterator[Remark]:
        """Return remarks on names that are required though no such property is described."""
        was = _required(self.old) - _described(self.old)
        now = _required(self.new) - _described(self.new)
        for name in sorted(now - was - _described(self.old)):
            pointer = join(self.new.pointer, "required")
            level = BREAKING if self.sends else INFO
            yield Remark(level, "required-property-added", pointer, None, name, self.use)
        for name in sorted(was - now - _described(self.new)):
            pointer = join(self.old.pointer, "required")
            level = INFO if self.sends else WARNING
            yield Remark(level, "became-optional", pointer, name, None, self.use_of(name))

    def _closed(self) -> Iterator[Remark]:
        """Yield a remark on an object that takes other properties no more, or again."""
        was = self.old.schema.get("additionalProperties", True)
        now = self.new.schema.get("additionalProperties", True)
        # Their schemas are compared elsewhere: here it matters that there is one.
        before = {} if isinstance(was, dict) else was
        after = {} if isinstance(now, dict) else now
        if before == after:
            return

        pointer = join(self.old.pointer, "additionalProperties")
        is_tighter = now is False or was is True
        if is_tighter:
            level = BREAKING if self.sends else INFO
            yield Remark(level, "object-closed", pointer, was, now, self.use)
        else:
            yield Remark(INFO, "object-opened", pointer, was, now, self.use)


def _described(place: Place) -> set[str]:
    return set(place.schema.get("properties", {}))


def _required(place: Place) -> set[str]:
    return set(place.schema.get("required", []))
