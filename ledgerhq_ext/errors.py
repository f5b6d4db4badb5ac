"""Every exception this package raises.

    LedgerHQError                   method, path, organization, idempotency_key, attempts,
    │                               request_id, outcome
    ├── APIError                    the service answered, and the answer is not a success
    │   ├── AuthenticationError     401
    │   ├── PermissionDeniedError   403
    │   ├── NotFoundError           404
    │   ├── RateLimitError          429
    │   ├── ServerError             5xx
    │   ├── ValidationError         400, 422
    │   │   └── PeriodLockedError   422: the period is locked, or its fiscal year closed
    │   └── ConflictError           409, or a state that contradicts what was asked
    │       └── IdempotencyConflictError   the key stands for another payload; never retried
    ├── TransportError              no answer, or half of one: timeouts, resets
    ├── ContractError               the answer does not fit the contract
    ├── OAuthError                  the OAuth endpoints refused
    │   └── ReconnectRequired       the grant is gone: somebody has to connect again
    └── InputError                  refused here, before anything was sent
        ├── RecordLookupError       a lookup found none, or several (a KeyError too)
        └── MissingExtraError       an extra is not installed (a ModuleNotFoundError too)

``outcome`` says what is known of a call that changes something: ``not_sent`` (the request was never
sent), ``rejected`` (the service refused it) or ``unknown`` (it may have been carried out: repeat it
with the same idempotency key, or read the state again, before anything else). ``repeat_until`` says
until when a posting whose outcome is ``unknown`` may be repeated with its key.

``message`` is only the reason. ``str(error)`` is the reason, followed by the known facts about the
call, each shortened if necessary, and after an ``unknown`` posting what to do next. The outcome of
a read is not printed, because a read changes nothing. An ``InputError`` raised before any call has
no facts.

Every exception can be pickled, and none contains a token.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ledgerhq_ext._plain import brief
from ledgerhq_ext._redaction import redact, without_secrets

Outcome = Literal["not_sent", "rejected", "unknown"]

KEY_LIFETIME = 20 * 3600.0
"""Seconds after the first send for which LedgerHQ is trusted to remember a key; none are promised.
"""

BODY_LIMIT = 2_000
_WORD_LIMIT = 200
_PATH_LIMIT = 300


class LedgerHQError(Exception):
    """The root of the tree. ``outcome`` is ``not_sent``, ``rejected`` or ``unknown``."""

    outcome: Outcome = "not_sent"
    method: str = ""
    path: str = ""
    organization: str | None = None
    """The id of the organization that the call was for."""
    idempotency_key: str | None = None
    attempts: int = 0
    """The number of attempts that the call made, this one included."""
    request_id: str | None = None
    """The id to quote to LedgerHQ's support."""
    repeat_until: float | None = None
    """Epoch seconds until which an ``unknown`` posting may be sent again with its key."""

    _has_outcome: bool = True

    def __init__(self, message: str, *, outcome: Outcome | None = None) -> None:
        self.message: str = redact(message)
        super().__init__(self.message)
        # Else that of the class stands.
        if outcome is not None:
            self.outcome = outcome

    def __str__(self) -> str:
        """Return the reason, the facts of the call, and what to do after an ``unknown`` posting."""
        text = self._reason()
        facts = self._facts()
        if facts:
            text = f"{text} [{', '.join(facts)}]"

        if self.outcome == "unknown" and self.repeat_until is not None:
            text = f"{text} {_advice(self.idempotency_key, self.repeat_until)}"
        # JSON may hold half of a surrogate pair, which no stream takes.
        return text.encode("utf-8", "backslashreplace").decode()

    def _reason(self) -> str:
        return self.message

    def _facts(self) -> list[str]:
        """Return what there is to say of the call, each fact shortened on its own."""
        facts: list[str] = []
        if self.path:
            facts.append(f"{self.method} {brief(self.path, _PATH_LIMIT)}")
        if self.organization:
            facts.append(f"organization {brief(self.organization, _WORD_LIMIT)}")
        if self.idempotency_key:
            facts.append(f"key {self.idempotency_key}")
        if self.attempts:
            facts.append("1 attempt" if self.attempts == 1 else f"{self.attempts} attempts")
        if self.request_id:
            facts.append(f"request {brief(self.request_id, _WORD_LIMIT)}")
        # A read changes nothing, whatever came of it.
        if self.path and self._has_outcome:
            facts.append(f"outcome {self.outcome}")
        return facts

    def __reduce__(self) -> tuple[Any, ...]:
        # By its state: the constructors take other arguments than ``args`` holds.
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(
    cls: type[LedgerHQError], args: tuple[Any, ...], state: dict[str, Any]
) -> LedgerHQError:
    # Not by its constructor, which takes other arguments.
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def _advice(key: str | None, repeat_until: float) -> str:
    """Return what may be done after an ``unknown`` posting, until when, and what then."""
    moment = dt.datetime.fromtimestamp(repeat_until, dt.UTC)
    hours = f"{KEY_LIFETIME / 3600:.0f} hours"
    return (
        f"It may have been posted. Post it again with the same source (key {key}) until "
        f"{moment:%Y-%m-%d %H:%M} UTC, {hours} after this call first sent it; if an earlier call "
        f"sent it, {hours} after that one. Later, look for the entry in LedgerHQ first, because "
        "it is not known how long LedgerHQ remembers a key."
    )


def add_facts(
    error: LedgerHQError,
    *,
    method: str,
    path: str,
    organization: str | None = None,
    idempotency_key: str | None = None,
    attempts: int = 0,
    request_id: str | None = None,
    has_outcome: bool = True,
) -> None:
    """Write down on an error the call that it belongs to.

    A request id that the service named stays.
    """
    error.method = method
    error.path = path
    error.organization = organization
    error.idempotency_key = idempotency_key
    error.attempts = attempts
    error.request_id = error.request_id or request_id
    error._has_outcome = has_outcome


class InputError(LedgerHQError):
    """The call was refused before anything was sent. The message says what to change."""

    # Whether the tokens could not be read or renewed: no other call can be sent either.
    _lacks_token: bool = False


class RecordLookupError(InputError, KeyError):
    """A lookup that must return exactly one record found none, or several.

    It is a ``KeyError`` too, because ``accounts["1010"]`` raises it. ``candidates`` lists the
    closest matches; ``more`` is the number of further ones. If ``are_near`` is False, nothing comes
    near, and ``candidates`` are the first of all records.
    """

    def __init__(
        self,
        message: str,
        *,
        candidates: Sequence[str] = (),
        more: int = 0,
        are_near: bool = True,
    ) -> None:
        lines = [f"\n  - {candidate}" for candidate in candidates]
        if more:
            lines.append(f"\n  and {more} more")
        if lines:
            message = f"{message} Candidates:{''.join(lines)}"
        super().__init__(message)
        self.candidates: tuple[str, ...] = tuple(candidates)
        self.more = more
        self.are_near = are_near


class MissingExtraError(InputError, ModuleNotFoundError):
    """A package was imported without its extra. The message says what to install."""

    path: str = ""
    """Of no call; an ``ImportError`` has one too."""

    def __init__(self, message: str, *, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name


class TransportError(LedgerHQError):
    """There was no complete response. ``outcome`` is ``not_sent`` or ``unknown``."""


class ContractError(LedgerHQError):
    """The response does not match the contract.

    ``pointer`` says where, as a JSON pointer into the body.
    """

    outcome: Outcome = "unknown"

    def __init__(self, message: str, *, pointer: str = "", outcome: Outcome | None = None) -> None:
        place = brief(pointer, _PATH_LIMIT) or "the whole response"
        super().__init__(f"{brief(message, BODY_LIMIT)} (at {place})", outcome=outcome)
        self.pointer = pointer


class OAuthError(LedgerHQError):
    """An OAuth endpoint refused the request. ``error`` is an RFC 6749 code; bodies are never
    stored.
    """

    def __init__(
        self, error: str, description: str = "", *, outcome: Outcome | None = None
    ) -> None:
        message = f"{error}: {description}" if description else error
        super().__init__(brief(message, BODY_LIMIT), outcome=outcome)
        self.error: str = redact(error)
        self.error_description: str = redact(description)


class ReconnectRequired(OAuthError):  # noqa: N818 - a demand, not a fault
    """There is no usable grant, so a firm owner or admin has to connect (again)."""


class APIError(LedgerHQError):
    """The service responded with an error.

    ``status`` is the HTTP status (None if the response succeeded but shows a state that contradicts
    the call), ``code`` the service's error code, ``retryable`` the service's own statement,
    ``body`` the first 2,000 characters of the response.
    """

    outcome: Outcome = "rejected"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retryable: bool | None = None,
        outcome: Outcome | None = None,
        idempotency_key: str | None = None,
        method: str = "",
        path: str = "",
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        super().__init__(brief(message, BODY_LIMIT), outcome=outcome)
        self.status = status
        self.code: str | None = code and redact(code)[:_WORD_LIMIT]
        self.request_id: str | None = request_id and redact(request_id)[:_WORD_LIMIT]
        self.retryable = retryable
        self.idempotency_key = idempotency_key
        self.method = method
        self.path = path
        self.headers: dict[str, str] = without_secrets(headers or {})
        self.body: str = redact(body)[:BODY_LIMIT]

    def _reason(self) -> str:
        status = "" if self.status is None else str(self.status)
        words = [word for word in (status, self.code) if word]
        return f"{' '.join(words)}: {self.message}" if words else self.message


class AuthenticationError(APIError):
    """401: the token or key is missing, invalid or expired, and could not be renewed."""


class PermissionDeniedError(APIError):
    """403: not a member, or the role or plan does not allow it."""


class NotFoundError(APIError):
    """404: not found in this organization."""


class RateLimitError(APIError):
    """429: too many requests, and no attempt is left, or the next one would exceed the deadline."""


class ServerError(APIError):
    """5xx: the service failed. The outcome of a change is ``unknown``, and ``rejected`` for 501."""


class ValidationError(APIError):
    """400 or 422: the service refused the request as it stands."""


class PeriodLockedError(ValidationError):
    """422: the period is locked, or its fiscal year closed."""


class ConflictError(APIError):
    """409, or a state that contradicts the request."""


class IdempotencyConflictError(ConflictError):
    """The idempotency key was already used for a different payload.

    The posting is never retried, and never gets another key.
    """


def is_about_login(error: LedgerHQError) -> bool:
    """Return whether an error is about the caller's login: no other call can succeed either."""
    lacks_token = isinstance(error, InputError) and error._lacks_token
    return lacks_token or isinstance(error, AuthenticationError | OAuthError)
