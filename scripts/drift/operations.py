"""Two operations compared: what is asked for, what is sent, what comes back."""

from typing import Any

from ..contract.pointers import Object, canonical_json, join, split
from ..contract.schemas import is_annotation
from ..contract.seam import answering
from .documents import CALLBACKS, SERVERS, Operation
from .findings import BREAKING, HEALED, INFO, WARNING, Level, Note
from .parameters import compare_parameters
from .schemas import Comparison
from .security import Schemes, compare_security
from .unions import Place, Schemas
from .use import Use, Used

_JSON = "application/json"
_MORE_ERRORS = frozenset(
    {"response-enum-value-added", "response-enum-opened", "response-variant-added"}
)


class Comparisons:
    """What the operations of two documents share: schemas that are compared once for all of them."""

    def __init__(self, schemas: tuple[Schemas, Schemas]) -> None:
        self.sent = Comparison(*schemas, sends=True)
        self.read = Comparison(*schemas, sends=False)


class OperationComparison:
    """One operation of the vendored contract beside the same one of the new contract."""

    def __init__(
        self,
        old: Operation,
        new: Operation,
        comparisons: "Comparisons",
        used: Used | None,
        note: Note,
    ) -> None:
        self._old, self._new, self._note = old.value, new.value, note
        self._at = join("/paths", old.path, old.method), join("/paths", new.path, new.method)
        self._used = used
        self._itself = used.itself if used else None
        self._sent, self._read = comparisons.sent, comparisons.read

    def run(self, schemes: tuple[Schemes, Schemes], *, moved: bool) -> None:
        """Tell everything that has changed."""
        places = Place(self._old, self._at[0]), Place(self._new, self._at[1])
        compare_security(*places, schemes, self._itself, self._note)
        compare_parameters(*places, self._sent, self._used, self._note, moved=moved)
        self._body()
        self._responses()
        self._said()

    def _said(self) -> None:
        if self._new.get("deprecated") and not self._old.get("deprecated"):
            self._note(
                WARNING, "operation-deprecated", self._at[0], None, "deprecated", self._itself
            )
        for key, rule in (
            ("x-sunset", "sunset"),
            (SERVERS, "server-changed"),
            (CALLBACKS, "callbacks-changed"),
        ):
            was, now = self._old.get(key), self._new.get(key)
            if canonical_json(was) != canonical_json(now):
                self._note(WARNING, rule, self._at[0], was, now, self._itself)

    def _body(self) -> None:
        old, new = self._old.get("requestBody"), self._new.get("requestBody")
        at = tuple(join(place, "requestBody") for place in self._at)
        if old is None or new is None:
            self._whole_body(old, new, at)
            return
        if old["required"] != new["required"]:
            words = ("required", "optional") if old["required"] else ("optional", "required")
            rule = (
                "request-body-became-required"
                if new["required"]
                else "request-body-became-optional"
            )
            self._note(BREAKING if new["required"] else INFO, rule, at[0], *words, self._itself)
        use = self._used.request if self._used else None
        self._contents((old, at[0]), (new, at[1]), use, self._note, "request", sends=True)

    def _whole_body(self, old: Object | None, new: Object | None, at: tuple[str, ...]) -> None:
        if old is not None:
            self._note(BREAKING, "request-body-removed", at[0], "a body", None, self._itself)
        elif new is not None:
            word = "a required body" if new["required"] else "an optional body"
            self._note(
                BREAKING if new["required"] else INFO,
                "request-body-added",
                at[1],
                None,
                word,
                self._itself,
            )

    def _contents(
        self,
        old: tuple[Object, str],
        new: tuple[Object, str],
        use: Use | None,
        note: Note,
        where: str,
        *,
        sends: bool,
    ) -> None:
        side, comparison = ("request", self._sent) if sends else ("response", self._read)
        mine, others = _media_types(*old, sends=sends), _media_types(*new, sends=sends)
        for name in mine.keys() - others.keys():
            note(
                BREAKING,
                f"{side}-media-type-removed",
                mine[name].pointer,
                name,
                None,
                use or self._itself,
            )
        for name in others.keys() - mine.keys():
            note(INFO, f"{side}-media-type-added", others[name].pointer, None, name, use)
        for name in mine.keys() & others.keys():
            one, other = mine[name], others[name]
            was, now = _media_type(one), _media_type(other)
            if was != now:
                rule = f"{side}-media-type-changed"
                note(WARNING, rule, one.pointer, was, now, use or self._itself)
            inner = use if name == _JSON or sends else None
            before, after = _schema(one), _schema(other)
            if inner is not None and not sends:
                after = self._in_the_old_envelope(before, after)
            comparison.tell(before, after, inner, note, where)
            self._other(side, one, other, inner)

    def _in_the_old_envelope(self, old: Place, new: Place) -> Place:
        """Return an answer under the envelope that it had, where it has the other one that the layer
        reads.
        """
        if self._used is None or self._used.envelopes is None:
            return new
        declared, other = self._used.envelopes
        before, after = self._read.opened(old, new)
        properties = after.schema.get("properties", {})
        is_renamed = declared in before.schema.get("properties", {}) and declared not in properties
        if not is_renamed or other not in properties:
            return new

        # Installed releases take the other one where it stands alone, and a regenerated client
        # wherever it stands.
        level = WARNING if len(properties) == 1 else HEALED
        pointer = join(before.pointer, "properties", declared)
        self._note(level, "response-envelope-renamed", pointer, declared, other, self._itself)
        names = {other: declared}
        renamed = {
            **after.schema,
            "properties": {names.get(name, name): each for name, each in properties.items()},
            "required": [names.get(name, name) for name in after.schema.get("required", [])],
        }
        return Place(renamed, after.pointer)

    def _other(self, side: str, one: Place, other: Place, use: Use | None) -> None:
        for key in sorted((one.schema.keys() | other.schema.keys()) - {"schema"}):
            was, now = one.schema.get(key), other.schema.get(key)
            if not is_annotation(key) and canonical_json(was) != canonical_json(now):
                self._note(
                    WARNING, f"{side}-keyword-changed", join(one.pointer, key), was, now, use
                )

    def _responses(self) -> None:
        old, new = self._old["responses"], self._new["responses"]
        at = tuple(join(place, "responses") for place in self._at)
        matched = {status: self._answering(status, new) for status in old}
        for status, other in matched.items():
            if other is None:
                level = BREAKING if _is_success(status) else INFO
                self._note(
                    level,
                    "response-status-removed",
                    join(at[0], status),
                    status,
                    None,
                    self._itself,
                )
                continue
            if status != other and _is_success(status):
                self._note(
                    WARNING,
                    "response-status-changed",
                    join(at[0], status),
                    status,
                    other,
                    self._itself,
                )
            self._response(
                status,
                Place(old[status], join(at[0], status)),
                Place(new[other], join(at[1], other)),
            )
        for status in new.keys() - {other for other in matched.values() if other}:
            level = WARNING if _is_success(status) else INFO
            self._note(
                level, "response-status-added", join(at[1], status), None, status, self._itself
            )

    def _answering(self, status: str, responses: Object) -> str | None:
        """Return which of the new responses speaks of a status: one that the layer reads alike, where
        it reads it.
        """
        own = _answering(status, responses)
        if own is not None or self._used is None:
            return own
        return answering(status, responses, tells_replays=self._used.tells_replays)

    def _response(self, status: str, old: Place, new: Place) -> None:
        use, note = self._itself, _of_errors(self._note)
        if _is_success(status):
            use, note = self._used.response if self._used else None, self._note
        contents = (old.schema, old.pointer), (new.schema, new.pointer)
        self._contents(*contents, use, note, f"response {status}", sends=False)
        mine, others = _headers(old), _headers(new)
        for name in mine.keys() - others.keys():
            self._note(
                WARNING, "response-header-removed", mine[name].pointer, name, None, self._itself
            )
        for name in others.keys() - mine.keys():
            self._note(INFO, "response-header-added", others[name].pointer, None, name, None)
        for name in mine.keys() & others.keys():
            self._read.tell(
                _schema(mine[name]), _schema(others[name]), None, self._note, f"header {name}"
            )


def _of_errors(note: Note) -> Note:
    """A `Note` for answers that are errors: one more code or form of them is read as any other is."""

    def noted(level: Level, rule: str, *rest: Any, **more: Any) -> None:
        note(INFO if rule in _MORE_ERRORS else level, rule, *rest, **more)

    return noted


def _is_success(status: str) -> bool:
    return status.startswith(("2", "3"))


def _answering(status: str, responses: Object) -> str | None:
    """The response that speaks of a status: its own, that of its range, or one of its range."""
    if status in responses:
        return status
    whole = f"{status[0]}XX"
    inside = sorted(other for other in responses if status == whole and other.startswith(status[0]))
    return whole if whole in responses else next(iter(inside), None)


def _media_types(holder: Object, pointer: str, *, sends: bool) -> dict[str, Place]:
    """Return the media types of a body, without their parameters: a charset means nothing in JSON.

    An answer in a vendor's own kind of JSON is read as JSON.
    """
    content: dict[str, Any] = holder.get("content", {})
    found: dict[str, Place] = {}
    for name, media in content.items():
        plain = name.partition(";")[0].strip()
        found[plain] = Place(media, join(pointer, "content", name))
    kinds = [name for name in found if name.endswith("+json")]
    if not sends and kinds and _JSON not in found:
        found[_JSON] = found.pop(min(kinds))
    return found


def _media_type(place: Place) -> str:
    """Return the media type that stands at a place, without its parameters."""
    return split(place.pointer)[-1].partition(";")[0].strip()


def _headers(response: Place) -> dict[str, Place]:
    found = response.schema.get("headers", {})
    return {name.lower(): response.child("headers", name) for name in found}


def _schema(holder: Place) -> Place:
    return Place(holder.schema.get("schema", {}), join(holder.pointer, "schema"))
