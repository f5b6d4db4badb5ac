"""Texts for people that documents can print in another language.

    from ledgerhq_ext._message import message as _

    reason = _("the ledger holds {count} of {total} lines", count=12, total=40)

A message is its English text, an ordinary string, for everybody who asks for nothing else. It
remembers the template and the parameters, with which a catalog says it in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Message(str):
    """A text in English, with what a translation needs.

    ``template`` has placeholders such as ``{count}``, and ``parameters`` are what they stand for.
    ``plural`` is the template for any number but one, which is the parameter ``count``; it is empty
    where nothing is counted.
    """

    __slots__ = ("parameters", "plural", "template")

    template: str
    plural: str
    parameters: Mapping[str, Any]

    def __new__(cls, template: str, plural: str, parameters: Mapping[str, Any]) -> Message:
        """Return the message, its English text already in it."""
        text = super().__new__(cls, filled(_english(template, plural, parameters), parameters))
        text.template = template
        text.plural = plural
        text.parameters = parameters
        return text

    @property
    def english(self) -> str:
        """The English template: that for one, or that for any other number."""
        return _english(self.template, self.plural, self.parameters)

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Any]]:  # type: ignore[override]
        """Return what makes it again from a pickle or as a copy."""
        return self.template, self.plural, self.parameters


def _english(template: str, plural: str, parameters: Mapping[str, Any]) -> str:
    is_many = plural != "" and parameters["count"] != 1
    return plural if is_many else template


def message(template: str, /, **parameters: Any) -> Message:
    """Return a message. It is imported as ``_``, by which catalogs find the template."""
    return Message(template, "", parameters)


def plural(singular: str, plural: str, /, *, count: int, **parameters: Any) -> Message:
    """Return a message about so many things: the first template is for one, the other for more."""
    return Message(singular, plural, {"count": count, **parameters})


def joined(parts: Iterable[str], separator: str) -> Message:
    """Return several texts as one message, so that each is still translated by itself."""
    numbered = {f"part{number}": part for number, part in enumerate(parts)}
    template = separator.join(f"{{{name}}}" for name in numbered)
    return Message(template, "", numbered)


def filled(template: str, parameters: Mapping[str, Any]) -> str:
    """Return a template with its parameters in the placeholders.

    Not by ``str.format``: a catalog comes from elsewhere, and may name parameters, nothing more.
    """
    if not parameters:
        return template
    return _PLACEHOLDER.sub(lambda match: str(parameters[match[1]]), template)


def placeholders(template: str) -> set[str]:
    """Return the names of the placeholders of a template."""
    return set(_PLACEHOLDER.findall(template))
