"""What a claim reads does not grow with what is left: counted, and not timed."""

from __future__ import annotations

import pytest

from ledgerhq_ext.store import Store
from scripts.bench.claims import Reading, claims, fill
from scripts.storm.servers import Postgres

pytestmark = pytest.mark.slow


def reading_of(place: str, count: int) -> Reading:
    with Store(place) as store:
        fill(store, count)
        return claims(store)


def test_a_claim_reads_as_much_of_twenty_thousand_rows_as_of_a_thousand(
    place: str, request: pytest.FixtureRequest
) -> None:
    """Half of the companies are refused, another firm has no grant, and some wait in order."""
    other = f"{place}.large"
    if "://" in place:
        server: Postgres = request.getfixturevalue("pg")
        other = server.new_database()
    few = reading_of(place, 1_000)
    many = reading_of(other, 20_000)
    assert many.statements == few.statements
    assert 0 < many.visits <= 1.5 * few.visits
