"""A command that fails: its sentence, and its exit status."""

from __future__ import annotations

import json
import os
import sys
from enum import IntEnum
from typing import Any

from ledgerhq_ext import (
    APIError,
    AuthenticationError,
    ContractError,
    InputError,
    LedgerHQError,
    NotFoundError,
    OAuthError,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
    ServerError,
    TransportError,
)
from ledgerhq_ext.cli._output import discard, say


class Status(IntEnum):
    """Exit statuses; docs/command-line.md lists them."""

    OK = 0
    DIFFERS = 1
    """A check differs, or some of what was asked for failed."""
    USAGE = 2
    """Refused before anything was sent: what was asked for has to change."""
    SERVICE = 3
    """The service refused or was not reached, or the store cannot be used."""
    LOGIN = 4
    """Nobody is logged in, or not any more."""
    UNKNOWN = 5
    """It may have been carried out: look before it is tried again."""
    FAULT = 70
    """A fault of the command itself."""
    INTERRUPTED = 130
    """Ctrl-C."""


_ADVICE: tuple[tuple[type[LedgerHQError], str], ...] = (
    (PermissionDeniedError, "Ask an owner of the firm whether your role allows it."),
    (NotFoundError, "List the companies of the firm with: ledgerhq companies"),
    (RateLimitError, "Wait a minute, and run it again."),
    (ServerError, "Run it again later. If it still fails, give LedgerHQ support the request id."),
    (
        ContractError,
        "A newer release may be able to read this response: pip install --upgrade ledgerhq-ext",
    ),
    (TransportError, "Check the network and the base URL (--base-url), and run it again."),
)
"""The next step, by the first class that fits. An ``InputError`` says it itself."""


def status_of(error: LedgerHQError) -> Status:
    """Return the exit status for an error of the library."""
    if isinstance(error, ReconnectRequired | AuthenticationError):
        return Status.LOGIN
    if _is_of_the_store(error):
        return Status.SERVICE
    if isinstance(error, InputError):
        return Status.USAGE
    if _is_doubtful(error):
        return Status.UNKNOWN
    return Status.SERVICE


def _is_of_the_store(error: LedgerHQError) -> bool:
    # Whoever raised it has imported it; those who did not are spared.
    store = sys.modules.get("ledgerhq_ext.store")
    return store is not None and isinstance(error, store.StoreError)


def explain(error: LedgerHQError, login: str, near_firm: str) -> str:
    """Return the reason with the facts of the call, and what to do next.

    ``login`` is the command that logs the firm in, ``near_firm`` asks whether another one is meant.
    """
    # Of these, which request met it first tells nobody anything.
    if isinstance(error, ReconnectRequired):
        reason = error.error_description or error.error
        hint = f" {near_firm}" if near_firm else ""
        return f"No firm is logged in: {reason}.{hint} Log in with: {login}"
    if isinstance(error, OAuthError):
        return f"{_sentence(error.message)} Start again with: {login}"

    if _is_doubtful(error):
        # After a posting the error itself says until when to repeat it.
        advice = (
            ""
            if error.repeat_until
            else ("It may have been carried out. Check before you repeat it.")
        )
    else:
        advice = _advice(error, login)
    return " ".join(part for part in (_sentence(str(error)), advice) if part)


def _is_doubtful(error: LedgerHQError) -> bool:
    """Return whether a call that changes something may have been carried out; no read may have."""
    is_change = error.method not in ("", "GET", "HEAD")
    return is_change and error.outcome == "unknown"


def _advice(error: LedgerHQError, login: str) -> str:
    """Return what to do next, in a sentence; empty where the error says it."""
    if isinstance(error, AuthenticationError):
        # A key goes before a login, so logging in would change nothing.
        has_key = bool(os.environ.get("LEDGERHQ_API_KEY"))
        by_key = "Set LEDGERHQ_API_KEY to a valid key, or unset it and log in."
        return by_key if has_key else f"Log in with: {login}"
    if isinstance(error, NotFoundError) and error.organization is None:
        return "Check the base URL (--base-url)."

    for kind, advice in _ADVICE:
        if isinstance(error, kind):
            return advice
    return ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "]")) or "\n" in text else f"{text}."


def report(error: LedgerHQError, *, login: str, near_firm: str, as_json: bool) -> Status:
    """Print an error to standard error, and return the exit status.

    ``login`` and ``near_firm`` are those of ``explain``.
    """
    status = status_of(error)
    message = explain(error, login, near_firm)
    if as_json:
        print_failure(type(error).__name__, message, status, error)
    else:
        say(f"error: {message}")
    return status


def without_output(error: OSError, status: int) -> int:
    """Return the status of a command whose output could not be printed to its end."""
    discard(sys.stdout)
    if isinstance(error, BrokenPipeError):
        # Whoever read it, `head` for one, has seen enough.
        return status
    reason = error.strerror or str(error)
    say(f"error: The output cannot be written: {reason}. What the command did is not undone.")
    return Status.FAULT


def print_failure(
    kind: str, message: str, status: Status, error: LedgerHQError | None = None
) -> None:
    """Print one line of JSON to standard error: ``{"error": {…}}``."""
    facts: dict[str, Any] = {"type": kind, "message": message, "exit_status": int(status)}
    if error is not None:
        facts["request_id"] = error.request_id
        facts["outcome"] = error.outcome if error.path else None
    if isinstance(error, APIError):
        facts["status"] = error.status
        facts["code"] = error.code
    say(json.dumps({"error": facts}))
