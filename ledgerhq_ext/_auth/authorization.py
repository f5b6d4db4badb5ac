"""What an app keeps between sending a user to consent and the browser's return."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict, define, field

from ledgerhq_ext.errors import InputError


def _text(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not value:
        # The value is not shown: two of these are secrets.
        raise InputError(
            f"This is not a stored authorization request: {attribute.name} must be a string."
        )


def _without_query(url: object) -> str:
    """Return the ``repr`` of an address without its query."""
    return repr(str(url).partition("?")[0])


@define(kw_only=True)
class AuthorizationRequest:
    """A request to connect a firm: send the user to its ``url``, and keep the rest in the user's
    session.

    ``to_json`` and ``from_json`` carry it from one web request to the next. It can be used only
    once; delete it after that.
    """

    # Its query has the state, which is not shown below either.
    url: str = field(validator=_text, repr=_without_query)
    issuer: str = field(validator=_text)
    client_id: str = field(validator=_text)
    redirect_uri: str = field(validator=_text)
    state: str = field(validator=_text, repr=False)
    code_verifier: str = field(validator=_text, repr=False)
    used: bool = False

    def to_json(self) -> str:
        """Return the request as text. It contains the code verifier, so never send it to the
        browser.
        """
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """Return the request that ``to_json`` wrote. Raises ``InputError`` for any other text."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError, RecursionError):
            raise InputError("This is not a stored authorization request.") from None
