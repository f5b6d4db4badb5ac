"""Look-alike identifiers: one source transaction has one spelling. Case t10 (10)."""

from __future__ import annotations

import pytest

from ledgerhq_ext import InputError, idempotency_key


def test_a_plain_source_id_has_a_key() -> None:
    assert idempotency_key("org_1", "purchase", "till", "1001").startswith("purchase-till-1001-")


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param("1001 ", id="blank-at-the-end"),
        pytest.param(" 1001", id="blank-at-the-beginning"),
        pytest.param("\ufeff1001", id="byte-order-mark"),
        pytest.param("1001\u200b", id="zero-width-space"),
        pytest.param("1001\u00a0", id="no-break-space"),
        pytest.param("\uff11001", id="full-width-digit"),
    ],
)
def test_a_spelling_that_looks_alike_is_refused(spelling: str) -> None:
    with pytest.raises(InputError, match="source id"):
        idempotency_key("org_1", "purchase", "till", spelling)
