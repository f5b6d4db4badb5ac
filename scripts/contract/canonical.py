"""Schemas in canonical form: two schemas that mean the same to a client are written the same."""

from typing import Any

from .dialect import spell
from .errors import StepError
from .lifting import LIFTED, lift
from .merge import ConflictError, fold_all_of, fold_base, tidy_union
from .pointers import Object
from .refs import COMPONENT, component, follow, target, to_component
from .schemas import bare, is_annotation, is_node, map_children


class Schemas:
    """The schemas of one document."""

    def __init__(self, document: Object) -> None:
        self._document = document
        self._opened: list[str] = []
        raw = document.get("components", {}).get("schemas", {})
        found = {name: self._canonical(schema) for name, schema in raw.items()}
        nodes, self._inline = lift(found)
        kept = {name: found[name] for name in found if not is_node(found[name]) and name not in self._inline}
        self.components = {name: self._placed(schema) for name, schema in (kept | nodes).items()}

    def at(self, schema: Any) -> Object:
        """A schema that stands outside the components, in canonical form."""
        placed: Object = self._placed(self._canonical(schema))
        return placed

    def _canonical(self, schema: Any) -> Object:
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        if not isinstance(schema, dict):
            raise StepError("normalise", f"a schema is a {type(schema).__name__}, not an object: {schema!r:.100}")
        schema = spell(schema)
        if "$ref" in schema:
            return self._reference(schema)
        schema = map_children(schema, self._child)
        return tidy_union(fold_base(fold_all_of(schema, self._look), self._look))

    def _child(self, schema: Any, where: tuple[str, ...]) -> Any:
        if where == ("additionalProperties",) and isinstance(schema, bool):
            return schema
        return self._canonical(schema)

    def _reference(self, schema: Object) -> Object:
        ref, rest = schema["$ref"], beside(schema)
        if bare(rest):
            said = {key: value for key, value in rest.items() if is_annotation(key)}
            return self._canonical({**said, "allOf": [bare(rest), {"$ref": ref}]})
        return {**self._aimed(ref), **rest}

    def _aimed(self, ref: str) -> Object:
        """A reference to the component at the end of the chain, or what the reference points at."""
        seen = []
        while ref not in seen:
            seen.append(ref)
            found = target(self._document, ref)
            if not (isinstance(found, dict) and set(bare(found)) == {"$ref"}):
                name = component(ref)
                return to_component(name) if name is not None else self._open(ref, found)
            ref = found["$ref"]
        raise StepError("normalise", f"references go round in a circle: {' -> '.join([*seen, ref])}")

    def _look(self, schema: Object) -> Object:
        if "$ref" not in schema:
            return schema
        ref = schema["$ref"]
        if ref in self._opened:
            raise ConflictError
        return {**self._open(ref, follow(self._document, {"$ref": ref})), **beside(schema)}

    def _open(self, ref: str, found: Any) -> Object:
        if ref in self._opened:
            circle = " -> ".join([*self._opened, ref])
            raise StepError("normalise", f"a schema contains itself in a way that cannot be written out: {circle}")
        self._opened.append(ref)
        try:
            return self._canonical(found)
        finally:
            self._opened.pop()

    def _placed(self, schema: Any) -> Any:
        """A canonical schema with what gives no class of its own written where it is used."""
        if not isinstance(schema, dict):
            return schema
        if LIFTED in schema:
            return to_component(schema[LIFTED])
        name = component(schema.get("$ref", ""))
        if name is not None and name in self._inline:
            return {**self._placed(self._inline[name]), **beside(schema)}
        return tidy_union(map_children(schema, lambda child, _: self._placed(child)))


def beside(schema: Object) -> Object:
    """What is said beside a reference."""
    return {key: value for key, value in schema.items() if key != "$ref"}


def reachable(value: Any, components: dict[str, Any]) -> dict[str, Any]:
    """The components that `value` leads to."""
    found: dict[str, Any] = {}
    todo = [value]
    while todo:
        for ref in refs_in(todo.pop()):
            name = component(ref)
            if name is not None and name not in found and name in components:
                found[name] = components[name]
                todo.append(components[name])
    return found


def refs_in(value: Any) -> list[str]:
    """Every reference to a schema component in `value`."""
    if isinstance(value, list):
        return [ref for item in value for ref in refs_in(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) and value["$ref"].startswith(COMPONENT) else []
    return own + [ref for item in value.values() for ref in refs_in(item)]
