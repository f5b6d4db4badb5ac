"""The idempotency key of a source transaction, and the fingerprint of a payload.

A key names one source transaction of one organization and one resource: a part for people, and a
digest that tells apart what the readable part cannot. Keys are stable across processes and
releases; a golden file in the tests pins them.
"""

from __future__ import annotations

import hashlib
import json
import re

from ledgerhq_ext._texts import check_spelling, described
from ledgerhq_ext.errors import InputError

KEY_LENGTH = 255
PART_LENGTH = 500


def check_text(value: object, what: str, *, length: int = PART_LENGTH) -> str:
    """Return the string itself when it is safe to name something with; else raise ``InputError``.

    It has one spelling only: see ``check_spelling``.
    """
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{what} must be a non-empty string, not {value!r}.")
    if len(value) > length:
        raise InputError(f"{what} must have at most {length} characters; it has {len(value)}.")
    check_spelling(value, what)
    return value


def check_key(key: object) -> str:
    """Return the key itself when a header can carry it: 1 to 255 printable ASCII characters, no
    spaces.
    """
    if isinstance(key, str) and re.fullmatch(rf"[!-~]{{1,{KEY_LENGTH}}}", key, re.ASCII):
        return key

    rule = f"An idempotency key is 1 to {KEY_LENGTH} printable ASCII characters with no spaces"
    odd = re.search("[^!-~]", key, re.ASCII) if isinstance(key, str) else None
    if odd:
        raise InputError(
            f"{rule}, but this one contains {described(odd.string, odd.start())}: {key!r}."
        )
    raise InputError(f"{rule}, not {key!r}.")


def idempotency_key(organization_id: str, resource: str, source_system: str, source_id: str) -> str:
    """Return the idempotency key of a source transaction: ``purchase-acme-pos-1001-`` and 32
    hexadecimal digits.

    Raises ``InputError`` for parts that are empty or too long, or could be mistaken for another:
    blanks at the ends, invisible characters, Unicode that is not normalized.
    """
    check_text(organization_id, "organization_id")
    check_text(resource, "resource")
    return key_of_source(organization_id, resource, source_system, source_id)


def key_of_source(organization_id: str, resource: str, source_system: str, source_id: str) -> str:
    """Return the key of a source transaction in an organization that was checked before."""
    check_text(source_system, "source system")
    check_text(source_id, "source id")
    digest = hashlib.sha256()
    for part in (organization_id, resource, source_system, source_id):
        encoded = part.encode()
        # The length in front makes ("a-b", "c") and ("a", "b-c") differ.
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    readable = "-".join((resource[:20], source_system[:32], source_id[:48]))
    return f"{re.sub(r'[^A-Za-z0-9._]+', '-', readable)}-{digest.hexdigest()[:32]}"


def canonical_json(payload: object) -> bytes:
    """Return the bytes that are sent: JSON with sorted keys and no spaces.

    They are the same for the same payload.
    """
    try:
        return json.dumps(
            payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"This payload cannot be written as JSON: {error}") from None


def fingerprint(content: bytes) -> str:
    """Return the sha256 of a payload's bytes, in hexadecimal.

    Two payloads are the same when these are.
    """
    return hashlib.sha256(content).hexdigest()
