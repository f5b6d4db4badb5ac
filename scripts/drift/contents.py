"""The contents of two bodies compared, media type by media type."""

from typing import Any

from ..contract.pointers import canonical_json, join, split
from ..contract.schemas import is_annotation
from .findings import BREAKING, HEALED, INFO, WARNING, Notes
from .schemas import Comparison
from .unions import Place, Schemas
from .use import Use, Used

_JSON = "application/json"


class Comparisons:
    """The comparisons of schemas that the operations of two documents share: a schema is compared
    once for all of them.
    """

    def __init__(self, schemas: tuple[Schemas, Schemas]) -> None:
        self.sent = Comparison(*schemas, sends=True)
        self.read = Comparison(*schemas, sends=False)


class Contents:
    """The contents of a request or an answer of one operation, before and after."""

    def __init__(
        self, comparisons: Comparisons, used: Used | None, notes: Notes, *, sends: bool
    ) -> None:
        self._comparison = comparisons.sent if sends else comparisons.read
        self._used = used
        self._notes = notes
        self._sends = sends
        self._side = "request" if sends else "response"

    def compare(self, old: Place, new: Place, use: Use | None, where: str) -> None:
        """Tell what has changed from one holder of contents to the other; `where` is what they are
        in their operation.
        """
        # A content that is gone hits the operation, whether or not the layer reads it.
        itself = self._used.itself if self._used is not None else None
        olds = self._media_types(old)
        news = self._media_types(new)

        for name in sorted(olds.keys() - news.keys()):
            rule = f"{self._side}-media-type-removed"
            self._notes.say(BREAKING, rule, olds[name].pointer, name, None, use or itself)
        for name in sorted(news.keys() - olds.keys()):
            rule = f"{self._side}-media-type-added"
            self._notes.say(INFO, rule, news[name].pointer, None, name, use)
        for name in sorted(olds.keys() & news.keys()):
            # Of an answer, the layer reads the JSON.
            inner = use if self._sends or name == _JSON else None
            self._spelling(olds[name], news[name], use or itself)
            self._content(olds[name], news[name], inner, where)

    def _spelling(self, old: Place, new: Place, use: Use | None) -> None:
        """Tell of JSON that has another media type."""
        was = _media_type(old)
        now = _media_type(new)
        if was != now:
            rule = f"{self._side}-media-type-changed"
            self._notes.say(WARNING, rule, old.pointer, was, now, use)

    def _content(self, old: Place, new: Place, use: Use | None, where: str) -> None:
        before = schema_of(old)
        after = schema_of(new)
        if use is not None and not self._sends:
            after = self._in_the_old_envelope(before, after)
        self._comparison.tell(before, after, use, self._notes, where)
        for key in sorted((old.schema.keys() | new.schema.keys()) - {"schema"}):
            was = old.schema.get(key)
            now = new.schema.get(key)
            if not is_annotation(key) and canonical_json(was) != canonical_json(now):
                rule = f"{self._side}-keyword-changed"
                self._notes.say(WARNING, rule, join(old.pointer, key), was, now, use)

    def _in_the_old_envelope(self, old: Place, new: Place) -> Place:
        """Return an answer under the envelope that it had, where it has the other one that the
        layer reads.
        """
        if self._used is None or self._used.envelopes is None:
            return new
        declared, other = self._used.envelopes
        before, after = self._comparison.opened(old, new)
        properties = after.schema.get("properties", {})
        was_declared = declared in before.schema.get("properties", {})
        if not was_declared or declared in properties or other not in properties:
            return new

        # Installed releases take the other one where it stands alone, and a regenerated client
        # wherever it stands.
        level = WARNING if len(properties) == 1 else HEALED
        pointer = join(before.pointer, "properties", declared)
        rule = "response-envelope-renamed"
        self._notes.say(level, rule, pointer, declared, other, self._used.itself)
        return Place(_renamed(after.schema, other, declared), after.pointer)

    def _media_types(self, holder: Place) -> dict[str, Place]:
        """Return the media types of a body, without their parameters: a charset means nothing in
        JSON.

        An answer in a vendor's own kind of JSON is read as JSON.
        """
        media_types: dict[str, Place] = {}
        for name in holder.schema.get("content", {}):
            media_types[_plain(name)] = holder.child("content", name)
        if self._sends or _JSON in media_types:
            return media_types

        vendors = [name for name in media_types if name.endswith("+json")]
        if vendors:
            media_types[_JSON] = media_types.pop(min(vendors))
        return media_types


def schema_of(holder: Place) -> Place:
    """Return the schema of a media type, a parameter or a header."""
    return Place(holder.schema.get("schema", {}), join(holder.pointer, "schema"))


def _renamed(schema: Any, old: str, new: str) -> Any:
    """Return an object with one property under another name."""
    names = {old: new}
    properties = {names.get(name, name): each for name, each in schema["properties"].items()}
    required = [names.get(name, name) for name in schema.get("required", [])]
    return {**schema, "properties": properties, "required": required}


def _media_type(place: Place) -> str:
    return _plain(split(place.pointer)[-1])


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip()
