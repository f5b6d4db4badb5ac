"""The parameters of two operations compared."""

from ..contract.pointers import canonical_json, join
from ..contract.schemas import is_annotation
from .findings import BREAKING, INFO, WARNING, Level, Note, brief
from .schemas import Comparison
from .unions import Place
from .use import Use, Used

Key = tuple[str, str]
_HANDLED = {
    "name",
    "in",
    "required",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "deprecated",
}


def compare_parameters(
    old: Place, new: Place, sent: Comparison, used: Used | None, note: Note, *, moved: bool
) -> None:
    """Tell what has changed. The path parameters of an operation that has moved belong to its
    route.
    """
    mine, others = _parameters(old, moved=moved), _parameters(new, moved=moved)
    for key in mine.keys() - others.keys():
        _removed(key, mine[key], others, used, note)
    for key in others.keys() - mine.keys():
        # In another place it is the same parameter, and told as that.
        if not any(name == key[1] for _, name in mine.keys() - others.keys()):
            _added(key, others[key], used, note)
    for key in mine.keys() & others.keys():
        _compare(mine[key], others[key], sent, used.parameter(*key) if used else None, used, note)


def _parameters(operation: Place, *, moved: bool) -> dict[Key, Place]:
    places = [
        operation.child("parameters", index)
        for index in range(len(operation.schema.get("parameters", [])))
    ]
    found = {(place.schema["in"], place.schema["name"]): place for place in places}
    return {key: place for key, place in found.items() if not (moved and key[0] == "path")}


def _words(key: Key) -> str:
    return f"{key[0]} parameter {key[1]}"


def _removed(
    key: Key, place: Place, others: dict[Key, Place], used: Used | None, note: Note
) -> None:
    use = used.parameter(*key) if used else None
    elsewhere = next((other for other in others if other[1] == key[1]), None)
    if elsewhere is not None:
        itself = used.itself if used else None
        required = others[elsewhere].schema["required"]
        note(
            BREAKING,
            "parameter-moved",
            place.pointer,
            _words(key),
            _words(elsewhere),
            itself if required else use,
        )
    else:
        level = BREAKING if key[0] == "path" else WARNING
        note(level, "parameter-removed", place.pointer, _words(key), None, use, lost=True)


def _added(key: Key, place: Place, used: Used | None, note: Note) -> None:
    if place.schema["required"]:
        note(
            BREAKING,
            "required-parameter-added",
            place.pointer,
            None,
            _words(key),
            used.itself if used else None,
        )
    else:
        note(INFO, "parameter-added", place.pointer, None, _words(key), None)


def _compare(
    old: Place, new: Place, sent: Comparison, use: Use | None, used: Used | None, note: Note
) -> None:
    _presence(old, new, use, used, note)
    for key in ("style", "explode", "allowReserved"):
        _keyword(BREAKING, "parameter-spelling-changed", key, old, new, use, note)
    if new.schema.get("deprecated") and not old.schema.get("deprecated"):
        note(WARNING, "parameter-deprecated", old.pointer, _name(old), "deprecated", use)
    _schema(old, new, sent, use, note)
    for key in sorted((old.schema.keys() | new.schema.keys()) - _HANDLED):
        if not is_annotation(key):
            _keyword(WARNING, "parameter-keyword-changed", key, old, new, use, note)


def _presence(old: Place, new: Place, use: Use | None, used: Used | None, note: Note) -> None:
    """Tell that a parameter has become required, or optional."""
    optional, required = f"optional {_name(old)}", f"required {_name(old)}"
    was, now = old.schema["required"], new.schema["required"]
    if was and not now:
        note(INFO, "parameter-became-optional", old.pointer, required, optional, use)
    if now and not was:
        # The layer always sends its headers, and leaves out filters.
        is_sent = use is not None and old.schema["in"] == "header"
        level = WARNING if is_sent else BREAKING
        itself = used.itself if used else None
        note(level, "parameter-became-required", old.pointer, optional, required, itself)


def _schema(old: Place, new: Place, sent: Comparison, use: Use | None, note: Note) -> None:
    encoded = ["content" in place.schema for place in (old, new)]
    if encoded == [False, False]:
        one, other = (
            Place(place.schema.get("schema", {}), join(place.pointer, "schema"))
            for place in (old, new)
        )
        sent.tell(one, other, use, note, _name(old))
    elif encoded == [True, True]:
        _keyword(WARNING, "parameter-keyword-changed", "content", old, new, use, note)
    else:
        before, after = (f"{_name(old)}: {'encoded' if other else 'plain'}" for other in encoded)
        note(BREAKING, "parameter-spelling-changed", old.pointer, before, after, use)


def _name(place: Place) -> str:
    return _words((place.schema["in"], place.schema["name"]))


def _keyword(
    level: Level, rule: str, key: str, old: Place, new: Place, use: Use | None, note: Note
) -> None:
    was, now = old.schema.get(key), new.schema.get(key)
    if canonical_json(was) != canonical_json(now):
        before, after = (f"{_name(old)}: {key} {brief(value)}" for value in (was, now))
        note(level, rule, join(old.pointer, key), before, after, use)
