"""Marks of schemas: the same for what means the same in two documents, whatever it is called and
however it recurs.
"""

from typing import Any

from ..contract.pointers import Object, canonical_json
from ..contract.refs import component
from ..contract.schemas import annotations, drop, is_node, map_children

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
        """Return the mark of a schema of the old document (0) or the new one (1)."""
        return self._kind(meaning(schema), side)

    def _kind(self, schema: Any, side: int) -> str:
        if not isinstance(schema, dict):
            return canonical_json(schema)
        number = self._number(schema, side)
        if number is not None:
            return self._kinds[number]
        if "$ref" in schema:
            kind = self._kind({"$ref": schema["$ref"]}, side)
            return canonical_json({**_beside(schema), _PIECE: kind})
        text = canonical_json(self._with_inner_kinds(schema, side))
        return self._known.get(text, text)

    def _with_inner_kinds(self, schema: Object, side: int) -> Object:
        """Return a schema with the kind of each piece inside it in that one's place."""

        def change(child: Any, _: tuple[str, ...]) -> Any:
            """Replace what has a name of its own by its kind."""
            if not isinstance(child, dict):
                return child
            if "$ref" in child or is_node(child):
                return {_PIECE: self._kind(child, side)}

            return self._with_inner_kinds(child, side)

        return _unordered(map_children(schema, change))

    def _number(self, schema: Object, side: int) -> int | None:
        """Return the piece that a schema refers to, None where it is no plain reference."""
        if set(schema) != {"$ref"}:
            return None
        return self._numbers[side].get(component(schema["$ref"]) or "")

    def _apart(self, schema: Any, side: int) -> Any:
        """Return a schema with each object and enum in it made a piece of its own."""
        if "$ref" in schema:
            return self._piece(schema, side)
        return map_children(schema, lambda child, _: self._piece(child, side))

    def _piece(self, schema: Any, side: int) -> Any:
        """Return what stands for a schema within another one."""
        if not isinstance(schema, dict):
            return schema
        number = self._number(schema, side)
        if number is None and "$ref" in schema:
            number = self._number({"$ref": schema["$ref"]}, side)
            return {**_beside(schema), _PIECE: number}
        if number is None and is_node(schema):
            number = len(self._pieces)
            # It has its number before it is taken apart, since that makes more of them.
            self._pieces.append(None)
            self._pieces[number] = self._apart(schema, side)
        if number is None:
            return map_children(schema, lambda child, _: self._piece(child, side))
        return {_PIECE: number}

    def _tell_apart(self) -> None:
        """Give the pieces kinds, until no kind falls apart any more."""
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
        """Return a piece with the kinds of those that it refers to."""
        if isinstance(piece, list):
            return [self._with_kinds(each) for each in piece]
        if not isinstance(piece, dict):
            return piece

        # A reference is a dict with the number of its piece, and nothing else.
        number = piece.get(_PIECE)
        if isinstance(number, int) and len(piece) == 1:
            return {_PIECE: self._kinds[number]}

        return _unordered({key: self._with_kinds(value) for key, value in piece.items()})


def _beside(reference: Object) -> Object:
    """Return what is said beside a reference."""
    return {key: value for key, value in reference.items() if key != "$ref"}


def _unordered(schema: Object) -> Object:
    """Return a schema with its alternatives in an order that follows from what they say here."""
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            schema = {**schema, key: sorted(schema[key], key=canonical_json)}
    return schema


def meaning(schema: Any) -> Any:
    """Return a schema without what is only said to people."""
    if not isinstance(schema, dict):
        return schema

    words = annotations(schema).keys() - _MEANT
    structure = drop(schema, *words)
    if isinstance(structure.get("discriminator"), dict):
        structure["discriminator"] = _discriminator(structure["discriminator"])
    return map_children(structure, lambda child, _: meaning(child))


def _discriminator(value: Object) -> Object:
    """Return a discriminator without the names of components that its words lead to."""
    mapping = value.get("mapping")
    words = sorted(mapping) if isinstance(mapping, dict) else []
    return {"propertyName": value.get("propertyName"), "tags": words}
