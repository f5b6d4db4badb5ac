"""How OpenAPI writes lists and objects into an address, a header or a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .records import json_text

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_PREFIXES = {"label": ".", "matrix": ";"}


class Styled(str):
    """The name of a parameter that may be a list or an object, and its style; "json" is that of JSON text

    ``sent`` is the name that stands in a path, which the route here may call otherwise.
    """

    style: str
    explode: bool
    sent: str

    def __new__(cls, name: str, style: str = "form", explode: bool = False, sent: str = "") -> Styled:
        """Return the name in a style of OpenAPI."""
        styled = super().__new__(cls, name)
        styled.style = style
        styled.explode = explode
        styled.sent = sent or name
        return styled

    def pairs(self, value: Any) -> dict[str, Any]:
        """Return what stands in a query or a form, by name; the items of a list are sent one by one."""
        if self.style == "json" or not isinstance(value, dict | list):
            return {str(self): _single(value)}
        if self.style == "deepObject" and isinstance(value, dict):
            return self._inside(value)
        if self.explode and isinstance(value, dict):
            return {name: _single(item, listed=True) for name, item in value.items()}
        if self.explode or self.style == "deepObject":
            return {str(self): _single(value, listed=True)}
        return {str(self): _DELIMITERS.get(self.style, ",").join(_parts(value))} if value else {}

    def _inside(self, value: dict[str, Any]) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        for key, item in value.items():
            pairs |= Styled(f"{self}[{key}]", self.style).pairs(item)
        return pairs

    def text(self, value: Any, quoted: Callable[[str], str] = str) -> str:
        """Return what stands in a path or a header; ``quoted`` escapes what is no delimiter."""
        if self.style == "json":
            return quoted(as_text(value))
        is_object = isinstance(value, dict)
        parts = _parts(value, quoted, pairs=self.explode)
        prefix = _PREFIXES.get(self.style, "")
        delimiter = prefix if prefix and self.explode else ","
        if self.style == "matrix" and not (is_object and self.explode):
            prefix = f";{quoted(self.sent)}="
            delimiter = prefix if self.explode else ","
        return prefix + delimiter.join(parts)


def _parts(value: Any, quoted: Callable[[str], str] = str, *, pairs: bool = False) -> list[str]:
    """Return the items of a list, the keys and values of an object (or key=value), or the value itself."""
    if isinstance(value, dict):
        written = [(quoted(key), quoted(as_text(item))) for key, item in value.items()]
        return ["=".join(pair) for pair in written] if pairs else [part for pair in written for part in pair]
    return [quoted(as_text(item)) for item in (value if isinstance(value, list) else [value])]


def _single(value: Any, *, listed: bool = False) -> Any:
    """Return a value that stands alone, or a list of such: what has no form of its own there is JSON text."""
    if listed and isinstance(value, list):
        return [_single(item) for item in value]
    return json_text(value) if isinstance(value, dict | list) else value


def as_text(value: Any) -> str:
    """Return a JSON value as text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_text(value) if isinstance(value, dict | list) else str(value)
