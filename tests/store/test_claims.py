"""What a claim and the end of a drain read does not grow with the store: counted, and not timed."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from ledgerhq_ext.store import Store
from ledgerhq_ext.store._schema import postings
from scripts.bench.claims import Reading, claims, client, fill, measured
from scripts.storm.servers import Postgres

pytestmark = pytest.mark.slow


@pytest.fixture
def other_place(place: str, request: pytest.FixtureRequest) -> str:
    """A place for a second store, of the same kind."""
    if "://" not in place:
        return f"{place}.large"
    server: Postgres = request.getfixturevalue("pg")
    return server.new_database()


def reading_of_claims(place: str, count: int) -> Reading:
    with Store(place) as store:
        fill(store, count)
        return claims(store)


def reading_of_an_end(place: str, count: int) -> Reading:
    """Return what a drain reads that finds so many postings, all of them settled."""

    def settle(db: Connection) -> None:
        db.execute(update(postings).values(state="posted", due_at=None))
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(f"ANALYZE {postings.name}")

    with Store(place) as store:
        fill(store, count)
        store._database.write("test", settle)
        with measured(store) as reading, client() as hq:
            assert store.outbox().drain(hq, wait=0).why == "settled"
        return reading


def test_a_claim_reads_as_much_of_twenty_thousand_rows_as_of_a_thousand(
    place: str, other_place: str
) -> None:
    """Half of the companies are refused, another firm has no grant, and some wait in order."""
    few = reading_of_claims(place, 1_000)
    many = reading_of_claims(other_place, 20_000)
    assert many.statements == few.statements
    assert 0 < many.visits <= 1.5 * few.visits


def test_a_drain_that_finds_nothing_left_reads_nothing_that_is_settled(
    place: str, other_place: str
) -> None:
    few = reading_of_an_end(place, 1_000)
    many = reading_of_an_end(other_place, 20_000)
    assert many.statements == few.statements
    assert many.visits <= 1.5 * few.visits
