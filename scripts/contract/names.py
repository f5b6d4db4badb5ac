"""The committed names, and which of them (or which new one) fits a place."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from openapi_python_client.strings import ClassName, PythonIdentifier

from .pointers import Object

# What the generator puts before a name that Python would not take.
PREFIX = "field_"
# Names that generated modules import or define for themselves.
_TAKEN = frozenset(
    {
        "Any",
        "AuthenticatedClient",
        "BinaryIO",
        "BytesIO",
        "Client",
        "File",
        "FileTypes",
        "Generator",
        "Generic",
    }
    | {
        "HTTPStatus",
        "IntEnum",
        "Literal",
        "Mapping",
        "RequestFiles",
        "Response",
        "Self",
        "StrEnum",
        "T",
        "TextIO",
    }
    | {"TYPE_CHECKING", "TypeVar", "UNSET", "UUID", "Unset"}
)


# Where the lock holds the operations; no class has a name like this.
_OPERATIONS = "operations"


@dataclass
class Names:
    """The committed names: of each class its shape and the places where it is used, of each
    operation its route.
    """

    shapes: dict[str, str] = field(default_factory=dict)
    places: dict[str, set[str]] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Object) -> "Names":
        """Read what `to_json` wrote."""
        routes = value.get(_OPERATIONS, {})
        classes = {name: entry for name, entry in value.items() if name != _OPERATIONS}

        return cls(
            {name: str(entry["shape"]) for name, entry in classes.items()},
            {name: set(entry["places"]) for name, entry in classes.items()},
            {name: str(route) for name, route in routes.items()},
        )

    def to_json(self) -> Object:
        """Return what `names.lock.json` holds."""
        classes = {
            name: {"places": sorted(self.places[name]), "shape": self.shapes[name]}
            for name in self.shapes
        }
        return {**classes, _OPERATIONS: dict(sorted(self.routes.items()))}


@dataclass(frozen=True)
class Site:
    """A spot that needs a class: the place, a name made of it, and what the vendor calls it, if
    anything.
    """

    place: str
    hint: str
    vendor: str | None
    # Modules the class cannot be in: generated code has a variable of that name already.
    avoid: frozenset[str] = frozenset()


class Choices:
    """Which names may be given to which shape, in one run."""

    def __init__(self, lock: Names, vendor: dict[str, str], present: set[str]) -> None:
        """`vendor` is the vendor's components with their shapes; `present` all shapes there are."""
        self.given = Names()
        self._lock = lock
        self._present = present
        self._vendor = {class_name(name): shape for name, shape in vendor.items()}
        self._modules: dict[str, str] = {}
        # A committed name stays with its shape; where that is gone, with the vendor's new one.
        self._reserved: dict[str, str] = {}
        for name, shape in lock.shapes.items():
            if shape in present:
                self._reserved[name] = shape
            elif name in self._vendor:
                self._reserved[name] = self._vendor[name]

    def choose(self, shape: str, site: Site) -> tuple[str, bool]:
        """Return the name of `shape` at `site`, and whether it is given for the first time."""
        name = next(name for name in self._candidates(shape, site) if self._free(name, shape, site))
        new = name not in self.given.shapes
        self.given.shapes[name] = shape
        self.given.places.setdefault(name, set()).add(site.place)
        self._modules[module_name(name)] = name
        return name, new

    def _free(self, name: str, shape: str, site: Site) -> bool:
        module = module_name(name)
        if module in site.avoid or self._modules.get(module, name) != name:
            return False
        return self.given.shapes.get(name, shape) == shape == self._reserved.get(name, shape)

    def _candidates(self, shape: str, site: Site) -> Iterator[str]:
        """Yield the names that a class may have, the best one first."""
        vendor = class_name(site.vendor) if site.vendor else None
        places = self._lock.places

        # The names of this shape, best the one that stood here, then the vendor's.
        same = [name for name, old in self._lock.shapes.items() if old == shape]
        yield from sorted(
            same, key=lambda name: (site.place not in places[name], name != vendor, name)
        )
        if vendor and vendor in self._lock.shapes:
            yield vendor

        # The name of what stood here, when that is gone: then this is its new shape.
        gone = [name for name, old in self._lock.shapes.items() if old not in self._present]
        yield from sorted(name for name in gone if site.place in places[name])

        if vendor:
            yield vendor
        else:
            yield from _of_shape(self._vendor, shape)
        yield from _of_shape(self.given.shapes, shape)
        yield from _numbered(class_name(site.hint))


def class_name(name: str) -> str:
    """Return the class that the generator makes of a schema's name, kept apart from names that its
    modules use.
    """
    # Of a name with digits the generator makes another one when it is given its own.
    current = str(ClassName(name, PREFIX))
    while current != (again := str(ClassName(current, PREFIX))):
        current = again
    return f"{current}Model" if current in _TAKEN else current


def module_name(name: str, *, plain: bool = False) -> str:
    """Return what the generator makes of the name of a class, an operation, a tag or a property.

    `plain`: with its capitals, as the generator calls a property when two of them would have one
    name.
    """
    return str(PythonIdentifier(name, PREFIX, skip_snake_case=plain))


def _of_shape(shapes: dict[str, str], shape: str) -> list[str]:
    """Return the names of a shape, sorted."""
    return sorted(name for name, old in shapes.items() if old == shape)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}{number}"
        number += 1
