"""Secrets: the texts that can be sent as a bearer token."""

from __future__ import annotations

from ledgerhq_ext.errors import InputError


def is_secret(value: object) -> bool:
    """Return True when a header can carry the value as a bearer token."""
    if not isinstance(value, str) or not value:
        return False
    return value.isascii() and value.isprintable() and " " not in value


def check_secret(value: str, name: str) -> str:
    """Return the secret when a header can carry it; the ``InputError`` does not show it."""
    if not is_secret(value):
        raise InputError(f"{name} is empty, or contains characters that are not valid in a token.")
    return value
