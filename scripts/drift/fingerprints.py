"""Marks of schemas: the same for what means the same in two documents, whatever it is called and
however it recurs.
"""

from typing import Any

from ..contract.pointers import Object, canonical_json
from ..contract.refs import component
from ..contract.schemas import ANNOTATIONS, is_node, map_children

_MEANT = frozenset({"default", "deprecated"})
# Stands, in a piece, for another piece.
_PIECE = "piece"


class Fingerprints:
    """Two documents taken apart into pieces: their components, and each object and enum written
    inside them.

    At first all pieces are alike. Then each is told by its own words and the kinds of the pieces
    that it refers to, again and again, until no kind falls apart any more.
    """

    def __init__(self, old: Object, new: Object) -> None:
        self._pieces: list[Any] = []
        self._numbers: list[dict[str, int]] = [{}, {}]
        for side, components in enumerate((old, new)):
            for name in components:
                self._numbers[side][name] = len(self._pieces)
                self._pieces.append(None)
        for side, components in enumerate((old, new)):
            for name, schema in components.items():
                self._pieces[self._numbers[side][name]] = self._apart(meaning(schema), side)
        self._kinds: list[str] = [""] * len(self._pieces)
        self._known: dict[str, str] = {}
        self._tell_apart()

    def of(self, schema: Any, side: int) -> str:
        """The mark of a schema of the old document (0) or the new one (1)."""
        return self._kind(meaning(schema), side)

    def _kind(self, schema: Any, side: int) -> str:
        if not isinstance(schema, dict):
            return canonical_json(schema)
        number = self._number(schema, side)
        if number is not None:
            return self._kinds[number]

        def change(child: Any, _: tuple[str, ...]) -> Any:
            if not isinstance(child, dict):
                return child
            if "$ref" in child or is_node(child):
                return {_PIECE: self._kind(child, side)}
            return _unordered(map_children(child, change))

        if "$ref" in schema:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return canonical_json({**beside, _PIECE: self._kind({"$ref": schema["$ref"]}, side)})
        text = canonical_json(_unordered(map_children(schema, change)))
        return self._known.get(text, text)

    def _number(self, schema: Object, side: int) -> int | None:
        if set(schema) != {"$ref"}:
            return None
        return self._numbers[side].get(component(schema["$ref"]) or "")

    def _apart(self, schema: Any, side: int) -> Any:
        """A schema with each object and enum in it made a piece of its own."""

        def change(child: Any, _: tuple[str, ...]) -> Any:
            if not isinstance(child, dict):
                return child
            number = self._number(child, side)
            if number is None and "$ref" in child:
                beside = {key: value for key, value in child.items() if key != "$ref"}
                return {**beside, _PIECE: self._number({"$ref": child["$ref"]}, side)}
            if number is None and is_node(child):
                number = len(self._pieces)
                self._pieces.append(None)
                self._pieces[number] = self._apart(child, side)
            return map_children(child, change) if number is None else {_PIECE: number}

        return change(schema, ()) if "$ref" in schema else map_children(schema, change)

    def _tell_apart(self) -> None:
        number = 0
        while True:
            texts = [canonical_json(self._with_kinds(piece)) for piece in self._pieces]
            names: dict[str, str] = {}
            for text in texts:
                names.setdefault(text, f"#{len(names)}")
            if len(names) == number:
                # Nothing fell apart: the texts of now are made of the kinds that stay.
                self._known = dict(zip(texts, self._kinds, strict=True))
                return
            number = len(names)
            self._kinds = [names[text] for text in texts]

    def _with_kinds(self, piece: Any) -> Any:
        if isinstance(piece, list):
            return [self._with_kinds(each) for each in piece]
        if not isinstance(piece, dict):
            return piece
        if isinstance(piece.get(_PIECE), int) and len(piece) == 1:
            return {_PIECE: self._kinds[piece[_PIECE]]}
        return _unordered({key: self._with_kinds(value) for key, value in piece.items()})


def _unordered(schema: Object) -> Object:
    """The alternatives in an order that follows from what they say here."""
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            schema = {**schema, key: sorted(schema[key], key=canonical_json)}
    return schema


def meaning(schema: Any) -> Any:
    """A schema without what is only said to people."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not key.startswith("x-")}
    kept = {key: value for key, value in kept.items() if key not in ANNOTATIONS or key in _MEANT}
    if isinstance(kept.get("discriminator"), dict):
        mapping = kept["discriminator"].get("mapping")
        tags = sorted(mapping) if isinstance(mapping, dict) else []
        kept["discriminator"] = {
            "propertyName": kept["discriminator"].get("propertyName"),
            "tags": tags,
        }
    return map_children(kept, lambda child, _: meaning(child))
