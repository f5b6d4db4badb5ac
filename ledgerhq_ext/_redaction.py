"""Texts and headers without what looks like a token of LedgerHQ, whoever's it is.

The tokens of a client are masked exactly (see ``_http/masking.py``). These patterns are for those
that no client knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SECRET = re.compile(
    r"""
      (
        mcp_[ar]t_ | dk_[a-z]+_
        # In a sentence the next word may be "token", and its mask would hide the reason.
        | \bBearer\s+ (?! tokens? [.:!?)]* (?:[\s"'&,;<>]|$) )
      )
      [^\s"'&,;<>]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUIET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})


def redact(text: str) -> str:
    """Return the text without anything that looks like a LedgerHQ token.

    The token's prefix stays.
    """
    # A function, not a template: to read a template, ``re`` imports, which fails while the
    # interpreter exits.
    return _SECRET.sub(_without_token, text)


def _without_token(match: re.Match[str]) -> str:
    return f"{match[1]}…"


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers but for those that carry credentials, with no token in the others."""
    safe: dict[str, str] = {}
    for name, value in headers.items():
        carries_credentials = name.lower() in _QUIET_HEADERS
        if not carries_credentials:
            safe[name] = redact(value)
    return safe
