"""Schemas in canonical form: two schemas that mean the same to a client are written the same."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .dialect import spell
from .errors import UNREADABLE, StepError, reason
from .lifting import LIFTED, lift
from .merge import ConflictError, fold_all_of, fold_base, tidy_union
from .pointers import Object, join, split
from .refs import circles, component, existing, follow, refs_in, target, to_component
from .routes import pascal, unique
from .schemas import NOTHING, annotations, bare, drop, is_node, map_children

# Parts of a pointer that say nothing of what stands there.
_STRUCTURE = frozenset(
    {
        "components",
        "schemas",
        "paths",
        "properties",
        "items",
        "content",
        "schema",
        "responses",
        "$defs",
        "200",
    }
)


class Schemas:
    """The schemas of one document.

    A schema that cannot be read is any value; `left_out` takes its place in the document, and why.
    """

    def __init__(self, document: Object, left_out: dict[str, str]) -> None:
        self._document = document
        self._left_out = left_out
        self._opened: list[str] = []
        # Places that are no components and contain themselves: they become components.
        self._promoted: dict[str, str] = {}
        raw = document.get("components", {}).get("schemas", {})
        self._taken = set(raw)
        self._circles = circles(document)
        everything = {name: self._component(name, schema) for name, schema in raw.items()}
        everything |= self._written_out(everything)
        nodes, self._inline = lift(everything)
        plain = {
            name: each
            for name, each in everything.items()
            if not is_node(each) and name not in self._inline
        }
        self.components = {name: self._placed(schema) for name, schema in (plain | nodes).items()}

    def at(self, schema: Any, where: str) -> Object:
        """Return a schema that stands outside the components, in canonical form."""
        placed: Object = self._placed(self._canonical(schema, where))
        # Opening this one may have promoted further places.
        late = self._written_out(self.components)
        self.components |= {name: self._placed(each) for name, each in late.items()}
        return placed

    def _written_out(self, components: Mapping[str, Object]) -> dict[str, Object]:
        """Return the promoted places that are no components yet.

        Writing one out may lead to the next.
        """
        fresh: dict[str, Object] = {}
        while True:
            names = self._promoted.values() - components.keys() - fresh.keys()

            if not names:
                return fresh
            for ref, name in list(self._promoted.items()):
                if name in names:
                    fresh[name] = self._component(name, target(self._document, ref))

    def _component(self, name: str, schema: Any) -> Object:
        where = join("/components/schemas", name)
        if name in self._circles:
            return self._anything(where, f"it contains itself: {' -> '.join(self._circles[name])}")
        return self._canonical(schema, where)

    def _anything(self, where: str, why: str) -> Object:
        self._left_out[where] = f"{why}; it is treated as any value"
        return {}

    def _canonical(self, schema: Any, where: str) -> Object:
        if isinstance(schema, bool):
            return {} if schema else NOTHING
        if not isinstance(schema, dict):
            return self._anything(
                where,
                f"a schema is of the type {type(schema).__name__}, not an object: {schema!r:.100}",
            )
        try:
            return self._spelled(schema, where)
        except UNREADABLE as error:
            return self._anything(where, reason(error))

    def _spelled(self, schema: Object, where: str) -> Object:
        # What stands in these is read where a reference leads to it.
        schema = drop(spell(schema), "$defs", "definitions")
        if "$ref" in schema:
            return self._reference(schema, where)

        def child(inner: Any, steps: tuple[str, ...]) -> Any:
            """Return a schema inside in canonical form."""
            if steps == ("additionalProperties",) and isinstance(inner, bool):
                return inner
            return self._canonical(inner, join(where, *steps))

        # The order matters: a base folds into alternatives that an allOf may only have brought.
        folded = fold_all_of(map_children(schema, child), self._look)
        return tidy_union(self._with_words(fold_base(folded, self._look)))

    def _with_words(self, schema: Object) -> Object:
        """Return alternatives that are components of one word each as these words: together they
        are an enum.
        """
        new = dict(schema)
        for key in ("anyOf", "oneOf"):
            options = schema.get(key, [])
            if options and all(map(self._is_word, options)):
                new[key] = [self._look(each) for each in options]
        return new

    def _is_word(self, option: Object) -> bool:
        # As the document has it: to read each alternative of each union takes long.
        name = component(option.get("$ref", ""))
        there = self._document.get("components", {}).get("schemas", {}).get(name)
        return isinstance(there, dict) and ("const" in there or len(there.get("enum") or ()) == 1)

    def _reference(self, schema: Object, where: str) -> Object:
        ref = schema["$ref"]
        rest = beside(schema)
        words = annotations(rest)
        aimed = {**self._aimed(ref), **words}
        if not bare(rest):
            return aimed

        both = self._canonical({**words, "allOf": [bare(rest), {"$ref": ref}]}, where)
        # Words beside a reference that cannot be joined with it: OpenAPI 3.0 says that the
        # reference alone counts.
        return aimed if "allOf" in both else both

    def _aimed(self, ref: str) -> Object:
        """Return a reference to the component at the end of the chain, or what the reference points
        at.
        """
        trail: list[str] = []
        while ref not in trail:
            trail.append(ref)
            if ref in self._promoted:
                return to_component(self._promoted[ref])

            there = existing(self._document, ref)
            is_link = isinstance(there, dict) and set(bare(there)) == {"$ref"}
            if not is_link:
                name = component(ref)
                return self._open(ref, there) if name is None else to_component(name)
            ref = there["$ref"]
        raise StepError("normalise", f"references form a cycle: {' -> '.join([*trail, ref])}")

    def _look(self, schema: Object) -> Object:
        if "$ref" not in schema:
            return schema
        ref = schema["$ref"]
        name = component(ref)
        if ref in self._opened or name in self._circles:
            raise ConflictError
        # A promoted place is a component by our name, and not by the document's.
        if name in self._promoted.values():
            ref = next(key for key, promoted in self._promoted.items() if promoted == name)

        there = self._open(ref, follow(self._document, {"$ref": ref}))
        return {**there, **beside(schema)}

    def _open(self, ref: str, there: Any) -> Object:
        if ref in self._opened:
            return self._promote(ref)
        self._opened.append(ref)
        try:
            return self._canonical(there, unquote(ref.removeprefix("#")))
        finally:
            self._opened.pop()

    def _promote(self, ref: str) -> Object:
        """Return a reference to a component of its own, made of a place that contains itself."""
        if ref not in self._promoted:
            # The last two words of the place make a name that people recognize.
            words = [
                part for part in split(unquote(ref.removeprefix("#"))) if part not in _STRUCTURE
            ]
            name = unique(pascal(" ".join(words[-2:])) or "Schema", self._taken)
            self._taken.add(name)
            self._promoted[ref] = name
        return to_component(self._promoted[ref])

    def _placed(self, schema: Any) -> Any:
        """Return a schema, with what gives no class of its own written where it is used."""
        if not isinstance(schema, dict):
            return schema
        if LIFTED in schema:
            return to_component(schema[LIFTED])

        name = component(schema.get("$ref", ""))
        if name in self._inline:
            return {**self._placed(self._inline[name]), **beside(schema)}
        return tidy_union(map_children(schema, lambda child, _: self._placed(child)))


def beside(schema: Object) -> Object:
    """Return what is said beside a reference."""
    return drop(schema, "$ref")


def reachable(value: Any, components: dict[str, Any]) -> dict[str, Any]:
    """Return the components that `value` leads to."""
    reached: dict[str, Any] = {}
    todo = [value]
    while todo:
        names = map(component, refs_in(todo.pop()))
        for name in names:
            if name in components and name not in reached:
                reached[name] = components[name]
                todo.append(components[name])
    return reached
