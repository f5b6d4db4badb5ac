"""Answers of the token endpoint: kept first, judged afterwards, as none comes twice."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from attrs import field, frozen

from ledgerhq_ext._auth.secrets import is_secret
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import ContractError, OAuthError, TransportError

_CAREFUL_LIFETIME = 300.0
"""Seconds that an access token is trusted for when its lifetime is missing or odd."""

BUSY = (429, 503)
"""The statuses by which an endpoint asks to be left alone for a while."""

_LONGEST_LIFETIME = 366 * 86_400.0
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_FORM = "application/x-www-form-urlencoded"
_CAPITAL = re.compile("[A-Z]")
_TOKENS = frozenset({"access_token", "refresh_token"})
# A whole member of a JSON object: inside a text its quotation marks would be escaped.
_REFRESH_TOKEN = re.compile(rb'"refresh(?:_t|T)oken"\s*:\s*("(?:[^"\\]|\\.)*")')


@frozen(kw_only=True)
class Grant:
    """The usable parts of a token answer. ``problem`` says why there is no access token to use."""

    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    lifetime: float = _CAREFUL_LIFETIME
    scope: str | None = None
    problem: str | None = None

    @property
    def is_empty(self) -> bool:
        """True when the answer held nothing that is worth keeping."""
        return self.access_token is None and self.refresh_token is None


def grant_of(response: Response) -> Grant:
    """Return the grant that a success of the token endpoint holds.

    Raises ``OAuthError`` for a refusal that was sent as a success; odd and truncated answers are
    read as far as possible.
    """
    try:
        content = response.json()
    except ContractError:
        content = _form_of(response)
        if not content:
            refresh_token = _any_refresh_token(response)
            return Grant(refresh_token=refresh_token, problem="the response is not JSON")

    document = _object_with_tokens(content)
    # Also one beside an error: it took the place of the one that was spent.
    refresh_token = _refresh_token(document.get("refresh_token")) or _any_refresh_token(response)
    access_token = document.get("access_token")
    problem = _problem(access_token, document.get("token_type"))
    if problem is not None:
        access_token = None

    if access_token is None and refresh_token is None and document.get("error"):
        raise _refusal(document, response.status)
    return Grant(
        access_token=access_token,
        refresh_token=refresh_token,
        lifetime=_lifetime(document.get("expires_in")),
        scope=_scope(document.get("scope")),
        problem=problem,
    )


def _form_of(response: Response) -> dict[str, Any]:
    """Return the fields of a form, as which other services answer; none of a truncated one."""
    is_form = response.headers.get("content-type", "").startswith(_FORM)
    if not is_form or response.problem is not None:
        return {}
    return dict(parse_qsl(response.content.decode("utf-8", "replace")))


def _object_with_tokens(content: Any) -> dict[str, Any]:
    """Return the object of an answer that holds the tokens: the answer itself, or one inside it, as
    in the ``data`` of other routes.
    """
    outer = _with_usual_names(content) if isinstance(content, dict) else {}
    if _TOKENS.isdisjoint(outer):
        for inner in content if isinstance(content, list) else outer.values():
            document = _with_usual_names(inner) if isinstance(inner, dict) else {}
            if "access_token" in document:
                return document
    return outer


def _with_usual_names(members: dict[str, Any]) -> dict[str, Any]:
    """Return members by the names of RFC 6749, also where they are in camel case."""
    renamed = {_CAPITAL.sub(_underscored, name): value for name, value in members.items()}
    return renamed | members


def _underscored(capital: re.Match[str]) -> str:
    return f"_{capital[0].lower()}"


def _any_refresh_token(response: Response) -> str | None:
    """Return the refresh token that stands somewhere in an answer, most likely a truncated one."""
    match = _REFRESH_TOKEN.search(response.content)
    if match is not None:
        with suppress(ValueError):
            return _refresh_token(json.loads(match[1]))
    return None


def _refresh_token(value: object) -> str | None:
    """Return a refresh token that a request can carry."""
    if not isinstance(value, str) or not value:
        return None
    # JSON may hold half a surrogate pair, which no request can carry.
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value


def _problem(access_token: object, token_type: object) -> str | None:
    """Return why an access token cannot be used.

    A type that is missing, or no text, means bearer.
    """
    if access_token is None:
        return "the response contains no access token"

    if not is_secret(access_token):
        return "the access token contains characters that are not valid in a token"
    if isinstance(token_type, str) and token_type.strip().lower() not in ("bearer", ""):
        return "the access token is not a bearer token"

    return None


def _lifetime(value: object) -> float:
    """Return the seconds of ``expires_in``, or a careful default for anything odd."""
    seconds = _number(value)
    # A comparison with NaN is False.
    if seconds is None or not 1 <= seconds <= _LONGEST_LIFETIME:
        return _CAREFUL_LIFETIME

    return seconds


def _number(value: object) -> float | None:
    """Return a number of JSON, or one in a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    # float() also reads "3_600", and the digits of every script.
    if isinstance(value, str) and not _SECONDS.fullmatch(value):
        return None

    try:
        return float(value)
    except OverflowError:
        return None


def _scope(value: object) -> str | None:
    # RFC 6749 has one text, and some services a list.
    if isinstance(value, list):
        value = " ".join(word for word in value if isinstance(word, str))
    return value if isinstance(value, str) and value else None


def oauth_error(response: Response, pause: float) -> OAuthError | TransportError:
    """Return the exception for a response of the OAuth endpoints that is not a success.

    ``pause`` is how many seconds it asks to wait, 0 when it does not ask.
    """
    if response.status in BUSY:
        wish = f"; try again in {pause:.0f} s" if pause else ""
        return TransportError(
            f"The OAuth endpoint is busy (status {response.status}){wish}.", outcome="not_sent"
        )
    if response.status >= 500:
        return TransportError(
            f"The OAuth endpoint failed (status {response.status}).", outcome="unknown"
        )

    try:
        document = response.json()
    except ContractError:
        document = None
    return _refusal(document if isinstance(document, dict) else {}, response.status)


def tokens_of(response: Response) -> tuple[str, ...]:
    """Return the tokens that a response holds, most likely a refusal that should hold none."""
    try:
        document = _object_with_tokens(response.json())
    except ContractError:
        return ()
    values = (document.get(name) for name in _TOKENS)
    return tuple(value for value in values if isinstance(value, str))


def _refusal(document: dict[str, Any], status: int) -> OAuthError:
    """Return the error of an answer, whose code stands alone or in an object."""
    code = document.get("error")
    description = document.get("error_description")
    if isinstance(code, dict):
        description = description or code.get("message")
        code = code.get("code")

    if not isinstance(description, str):
        description = f"the OAuth endpoint responded with status {status}"
    if not isinstance(code, str):
        code = "server_error"
    # RFC 6749 has them in small letters, and the service its own codes in capitals.
    return OAuthError(code.lower(), description, outcome="rejected")
