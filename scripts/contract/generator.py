"""The generator in a process of its own, with Python names that are decided here.

Run as a file: `python generator.py TABLE.json generate …`. The table says what properties and
parameters are called in Python where the generator's own choice would not work; their names on the
wire stay what they are. It also says in which style lists and objects are sent.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openapi_python_client import TEMPLATE_FILTERS, cli, strings
from openapi_python_client.parser import bodies, openapi
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema import ParameterLocation
from openapi_python_client.schema.untrusted_string import UntrustedString

DEPTH = 20_000
_BYTES = "application/octet-stream"
_KNOWN = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", _BYTES)


class _Names:
    """The table of one document: of its properties, and, while parameters are read, of those."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._table = table
        self.current = table["properties"]

    def install(self) -> None:
        """Let the generator ask here first."""
        stock_name = strings.PythonIdentifier.__new__
        stock_parameters = openapi.Endpoint.add_parameters

        def new(cls: Any, value: Any, prefix: str, skip_snake_case: bool = False) -> Any:
            """Return a name as the stock generator makes it, or the one chosen for it here."""
            text = value if isinstance(value, str) else value.get_untrusted_value()
            chosen = self.current.get(text) if prefix == "field_" else None
            return (
                stock_name(cls, value, prefix, skip_snake_case)
                if chosen is None
                else str.__new__(cls, chosen)
            )

        def add_parameters(**arguments: Any) -> Any:
            """Add parameters as the stock generator does, under the names that are chosen here."""
            self.current = self._table["parameters"]
            try:
                return stock_parameters(**arguments)
            finally:
                self.current = self._table["properties"]

        strings.PythonIdentifier.__new__ = new  # type: ignore[method-assign]
        openapi.Endpoint.add_parameters = staticmethod(add_parameters)  # type: ignore[method-assign]


def _keep_names() -> None:
    """Let parameters of the path and of headers keep their names where others are called alike: the
    stock generator renames both, in the route as well.
    """
    stock_check = openapi.Endpoint._check_parameters_for_conflicts

    def check(endpoint: Any, *, config: Any, **arguments: Any) -> Any:
        """Name the others by where they are, and leave the rest to the stock generator."""
        taken: dict[str, str] = {}
        for place in ("path", "header", "query", "cookie"):
            for each in getattr(endpoint, f"{place}_parameters"):
                name = str(each.python_name)
                if taken.setdefault(name, place) != place:
                    each.set_python_name(new_name=UntrustedString(f"{name}_{place}"), config=config)
        return stock_check(endpoint, config=config, **arguments)

    endpoint_class: Any = openapi.Endpoint
    endpoint_class._check_parameters_for_conflicts = check


def _any_media_type(content_type: str, config: Any) -> str:
    """Send what is neither JSON nor a form as bytes, under its own media type."""
    media_type = strings.get_content_type(content_type, config)
    if media_type is not None and (media_type in _KNOWN or media_type.endswith("+json")):
        return media_type
    return _BYTES


def main() -> None:
    """Run the generator's command with the table that stands first in the arguments."""
    table = json.loads(Path(sys.argv.pop(1)).read_bytes())
    sys.setrecursionlimit(DEPTH)
    _Names(table).install()
    _keep_names()
    bodies.get_content_type = _any_media_type  # type: ignore[attr-defined]
    TEMPLATE_FILTERS["styles"] = lambda name: table["styles"].get(name, {})
    # Our templates write lists and objects wherever a document has them.
    PropertyProtocol._allowed_locations = set(ParameterLocation)
    cli.app()


if __name__ == "__main__":
    main()
