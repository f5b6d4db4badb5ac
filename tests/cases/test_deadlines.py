"""A connection that ends under the second request: honest and soon, not at the end of the deadline.

Balancers and servers close connections that were kept open, just when the next request is on its
way. Time is the client's clock, which moves when the client sleeps; the connections are real.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledgerhq_ext import LedgerHQ, TransportError

from .support import (
    ACCESS_TOKEN,
    ORG,
    Clock,
    Exchange,
    LoopbackServer,
    bank_row,
    purchase,
    receipt_body,
)

DEADLINE = 90


class Service:
    """A service that carries out a POST only on a connection that served nothing yet."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self._server = LoopbackServer(self._respond)
        self.url = self._server.url

    def _respond(self, exchange: Exchange) -> None:
        exchange.json()
        if exchange.command == "GET":
            row = "/bank-transactions/" in exchange.path
            exchange.answer({"transaction": bank_row()} if row else {"taxRates": []})
        elif exchange.served:
            # Without a byte.
            exchange.close_connection = True
        else:
            self.effects.append(exchange.path)
            exchange.answer(receipt_body(exchange.headers["idempotency-key"]), 201)

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hq(service: Service, clock: Clock) -> Iterator[LedgerHQ]:
    with LedgerHQ(
        base_url=service.url,
        access_token=ACCESS_TOKEN,
        clock=clock,
        sleep=clock.sleep,
    ) as hq:
        yield hq.with_options(deadline=DEADLINE)


def test_a_post_goes_through_by_itself(hq: LedgerHQ, service: Service) -> None:
    books = hq.organization(ORG)
    books.tax_rates()
    receipt = books.post(purchase(), source=("till", "1"))
    assert receipt.status == "posted"
    assert len(service.effects) == 1


def test_a_verb_ends_soon(hq: LedgerHQ, service: Service, clock: Clock) -> None:
    with pytest.raises(TransportError) as caught:
        hq.organization(ORG).exclude("btx_1")
    assert caught.value.outcome == "unknown"
    assert service.effects == []
    # The row still shows the old state 5 seconds later: waiting helps nobody.
    assert clock.elapsed <= DEADLINE / 4
