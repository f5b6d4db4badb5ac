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
        yield f"its path has characters that are not visible: {path!r}"

    without_parameters = shape(path).replace("{}", "")
    if "{" in without_parameters or "}" in without_parameters:
        yield "its path has a brace that belongs to no parameter"

    names = [parameter["name"] for parameter in operation["parameters"]]
    for name in names:
        if not shows(name):
            yield f"a parameter has characters that are not visible: {name!r}"
