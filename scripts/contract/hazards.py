"""Step `check`, first half: operations that the generator could not write faithfully, known before
it runs.
"""

from collections.abc import Iterator

from .pointers import Object, join
from .routes import shape
from .text import shows


def hazards(view: Object) -> dict[str, str]:
    """Return the operations that cannot be generated, by their pointers, with the reasons."""
    faults: dict[str, str] = {}
    for path, item in view["paths"].items():
        for method, operation in item.items():
            why = next(_faults(path, operation), None)
            if why is not None:
                faults[join("/paths", path, method)] = why
    return faults


def _faults(path: str, operation: Object) -> Iterator[str]:
    if not shows(path):
        yield f"its path has characters that do not show: {path!r}"
    if {"{", "}"} & set(shape(path).replace("{}", "")):
        yield "its path has a brace that belongs to no parameter"
    for parameter in operation["parameters"]:
        if not shows(parameter["name"]):
            yield f"a parameter has characters that do not show: {parameter['name']!r}"
