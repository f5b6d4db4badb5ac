"""The address that the browser comes back to: read once, and judged by its parts."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlsplit

from attrs import frozen

from ledgerhq_ext._http.urls import is_loopback
from ledgerhq_ext._plain import brief, plain
from ledgerhq_ext.errors import InputError, OAuthError

_LONGEST = 65_536
_FIELDS = 1_000
_WORD = 200
_SENTENCE = 500


@frozen(repr=False)
class Callback:
    """The service's answer in the address: its parameters, each with all its values."""

    parameters: Mapping[str, tuple[str, ...]]

    def has_state(self, expected: str) -> bool:
        """Return True when the one state is the expected one.

        The time it takes tells nothing of it.
        """
        states = self.parameters.get("state", ())
        state = states[0] if len(states) == 1 else ""
        is_equal = hmac.compare_digest(_bytes(state), _bytes(expected))
        return is_equal and state != ""

    def value(self, name: str) -> str | None:
        """Return a parameter; None when it is not there, or empty.

        Raises ``OAuthError`` when it is there more than once: nobody can say which one is meant.
        """
        values = self.parameters.get(name, ())
        if len(values) > 1:
            raise OAuthError("invalid_request", f"the URL contains {name} {len(values)} times")

        if not values or not values[0]:
            return None
        return values[0]

    @property
    def code(self) -> str:
        """The code, which an exchange can send. Raises ``OAuthError`` when there is none."""
        code = self.value("code")
        if code is None:
            raise OAuthError("invalid_request", "the URL contains no code")
        if not (code.isascii() and code.isprintable()):
            raise OAuthError(
                "invalid_request",
                "the code in the URL contains characters that are not valid in a code",
            )
        return code

    @property
    def refusal(self) -> OAuthError | None:
        """The error that the service reports, if any."""
        error = self.value("error")
        if error is None:
            return None

        description = self.value("error_description") or "the service did not grant access"
        return OAuthError(brief(plain(error), _WORD), brief(plain(description), _SENTENCE))


def read_callback(callback_url: object) -> Callback:
    """Return the answer in the address that the browser returned to.

    Raises ``InputError`` for what is not an address with a query, ``OAuthError`` where the answer
    stands in a place that a server never sees. No message shows the address: it holds the code.
    """
    if not isinstance(callback_url, str):
        raise InputError(
            "callback_url must be the URL that the browser returned to, as a string, not "
            f"{type(callback_url).__name__}."
        )
    if len(callback_url) > _LONGEST:
        size = len(callback_url)
        raise InputError(f"callback_url must have at most {_LONGEST} characters; it has {size}.")
    parts = _split(callback_url)
    if parts is None:
        raise InputError("callback_url is not a valid URL.")

    parameters = _parameters(parts.query)
    if "state" in parameters:
        return Callback(parameters)

    if "state" in _parameters(parts.fragment):
        raise OAuthError(
            "invalid_request",
            "the response is in the URL's fragment (after #), not in its query (after ?)",
        )
    if not parts.query:
        raise InputError(
            "callback_url must be the full URL that the browser returned to, including its query."
        )
    return Callback(parameters)


def _parameters(query: str) -> dict[str, tuple[str, ...]]:
    try:
        # What is not UTF-8 stays recognizable, and equals nothing.
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="surrogateescape", max_num_fields=_FIELDS
        )
    except ValueError:
        raise InputError(f"callback_url must have at most {_FIELDS} parameters.") from None
    parameters: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        parameters[name] = (*parameters.get(name, ()), value)
    return parameters


def check_redirect_uri(uri: object) -> str:
    """Return the address that the browser shall come back to.

    Raises ``InputError`` unless it is https, or http on this machine, without a fragment.
    """
    if not isinstance(uri, str) or not _is_safe(uri):
        raise InputError(
            f"redirect_uri {uri!r} must be https, or http on loopback, with no fragment."
        )
    return uri


def _is_safe(uri: str) -> bool:
    if not uri.isprintable() or " " in uri:
        return False
    parts = _split(uri)
    if parts is None or not parts.hostname:
        return False
    # A browser does not send it, and the answer would stand behind it.
    if parts.fragment:
        return False

    # The code comes back there: on its way it must be encrypted, or never leave this machine, where
    # a native app may listen without TLS (RFC 8252, section 7.3).
    if parts.scheme == "http":
        return is_loopback(parts.hostname)
    return parts.scheme == "https"


def _split(url: str) -> SplitResult | None:
    """Return the parts of a URL; None when it is not a URL."""
    try:
        parts = urlsplit(url)
        # Read for their errors alone: a port that is not a number says so here.
        _ = parts.port
        _ = parts.hostname
    except ValueError:
        return None
    return parts


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
