"""Public clients: they have no secret, but an address for their codes, and PKCE."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")
_PRINTABLE = re.compile(r"[!-~]+")


def is_challenge(text: str) -> bool:
    """Return True for the challenge of the method S256: 32 bytes in URL-safe base64."""
    return _CHALLENGE.match(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Return True if a verifier is the one that a challenge was made from."""
    if not _VERIFIER.match(verifier):
        return False
    hashed = hashlib.sha256(verifier.encode()).digest()
    encoded = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
    # In a time that tells nothing of how much of it was right.
    return hmac.compare_digest(encoded, challenge)


def is_redirect(uri: str) -> bool:
    """Return True for an address to which a code may be sent."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if "#" in uri or not _PRINTABLE.fullmatch(uri):
        return False
    if parts.scheme == "http":
        # Without TLS a code may be read on its way, but for the way to the same machine.
        return host in _LOOPBACK
    if parts.scheme == "https" and host:
        return True
    # Private schemes of native apps are reverse domain names (RFC 8252); javascript: and data: are
    # not.
    return "." in parts.scheme
