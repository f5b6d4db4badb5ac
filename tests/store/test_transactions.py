"""Adding within an app's own transaction: every way to have one, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from ledgerhq_ext import AsyncLedgerHQ, InputError, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import AddResult, Store, StoredPosting
from tests.cases.wire_support import Ledger, purchase
from tests.support.apps import APPS, App, make_sales, opened
from tests.support.companies import World
from tests.support.outbox import OPTIONS

pytestmark = pytest.mark.slow

ORG = "org_1"
SOURCE = ("till", "1")


@pytest.fixture(params=APPS)
def app(request: pytest.FixtureRequest, place: str, store: Store) -> Iterator[App]:
    """An app of each kind, whose sales are in the store's database."""
    store.outbox().status()
    make_sales(place)
    with opened(APPS[request.param], place, store) as app:
        yield app


def rows(app: App) -> tuple[StoredPosting, ...]:
    """Return what is in the outbox for everybody."""
    return app.store.outbox().postings()


def test_the_row_is_committed_with_the_apps_own_and_posted_once(app: App) -> None:
    app.begin()
    app.sell(1)
    row = app.add(ORG, purchase(100), source=SOURCE)
    assert rows(app) == ()
    assert app.sales() == []
    app.commit()

    assert rows(app) == (row,)
    assert (row.state, row.unknown, row.in_order, row.attempts) == ("pending", False, False, 0)
    assert app.sales() == [1]
    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        assert app.store.outbox().drain(hq).posted == 1
        assert app.store.outbox().drain(hq).posted == 0
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [100]


def test_rolling_back_leaves_nothing(app: App) -> None:
    app.begin()
    app.sell(1)
    app.add(ORG, purchase(), source=SOURCE)
    app.rollback()
    assert rows(app) == ()
    assert app.sales() == []

    app.begin()
    row = app.add(ORG, purchase(), source=SOURCE)
    app.commit()
    assert rows(app) == (row,)


def test_adding_may_be_the_first_statement(app: App) -> None:
    app.begin()
    app.add(ORG, purchase(), source=SOURCE)
    app.sell(1)
    app.rollback()
    assert rows(app) == ()
    assert app.sales() == []


def test_many_in_one_transaction(app: App) -> None:
    """More than one part of them: all are there with the commit, and none after a rollback."""
    many = [(purchase(number), ("till", str(number))) for number in range(1, 301)]
    app.begin()
    app.sell(1)
    assert app.add_all(ORG, many, in_order=True) == AddResult(new=300, known=0)
    assert rows(app) == ()
    app.rollback()
    assert rows(app) == ()

    app.begin()
    app.add(ORG, purchase(7), source=("till", "7"), in_order=True)
    other = (purchase(4), ("till", "3"))
    with pytest.raises(InputError, match=r"number 301 .* lines.0.\.amount was 3, not 4"):
        app.add_all(ORG, [*many, other], in_order=True)
    app.commit()
    sources = [row.source[1] for row in rows(app)]
    assert sources == ["7", *[str(number) for number in range(1, 301) if number != 7]]


def test_several_in_one_transaction_keep_their_order(app: App) -> None:
    app.store.outbox().add(ORG, purchase(1), source=("till", "1"), in_order=True)
    app.begin()
    for number in (2, 3, 4):
        app.sell(number)
        app.add(ORG, purchase(number), source=("till", str(number)), in_order=True)
    app.commit()
    app.store.outbox().add(ORG, purchase(5), source=("till", "5"), in_order=True)

    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        assert app.store.outbox().drain(hq, workers=3).posted == 5
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [1, 2, 3, 4, 5]


def test_a_known_source_is_a_no_op_and_the_transaction_goes_on(app: App) -> None:
    before = app.store.outbox().add(ORG, purchase(1), source=("till", "1"))
    app.begin()
    assert app.add(ORG, purchase(1), source=("till", "1")) == before
    new = app.add(ORG, purchase(2), source=("till", "2"))
    assert app.add(ORG, purchase(2), source=("till", "2")) == new
    app.sell(1)
    app.commit()
    assert rows(app) == (before, new)
    assert app.sales() == [1]


OTHER_TERMS: list[dict[str, Any]] = [
    {"amount": 2},
    {"key": "another"},
    {"in_order": True},
    {"source": ("till", "2")},
]
"""Another payload, key or order for the source, and another source for the key."""


def test_other_terms_are_the_same_error_and_the_transaction_goes_on(app: App) -> None:
    terms: dict[str, Any] = {"source": SOURCE, "key": "its-key"}
    before = app.store.outbox().add(ORG, purchase(1), **terms)
    for change in OTHER_TERMS:
        other = terms | change
        posting = purchase(other.pop("amount", 1))
        with pytest.raises(InputError) as without:
            app.store.outbox().add(ORG, posting, **other)

        app.begin()
        with pytest.raises(InputError) as within:
            app.add(ORG, posting, **other)
        app.sell(1)
        app.commit()
        assert str(within.value) == str(without.value)

    assert rows(app) == (before,)
    assert app.sales() == [1] * len(OTHER_TERMS)


def test_a_connection_that_commits_at_once_is_refused(app: App) -> None:
    app.commits_at_once()
    app.begin()
    with pytest.raises(
        InputError, match=r"No transaction is open.*autocommit.*Begin a transaction"
    ):
        app.add(ORG, purchase(), source=SOURCE)
    assert rows(app) == ()


def test_within_a_savepoint_the_savepoint_decides(app: App) -> None:
    app.begin()
    app.sell(1)
    app.execute("SAVEPOINT attempt")
    app.add(ORG, purchase(1), source=("till", "1"))
    app.execute("ROLLBACK TO SAVEPOINT attempt")
    row = app.add(ORG, purchase(2), source=("till", "2"))
    app.commit()
    assert rows(app) == (row,)


def test_the_handle_of_an_organization_binds_the_row(app: App) -> None:
    kind: Any = AsyncLedgerHQ if app.awaits else LedgerHQ
    hq = kind(base_url="http://127.0.0.1:9", access_token="mcp_at_x", **OPTIONS)
    app.begin()
    row = app.add(hq.organization(ORG), purchase(), source=SOURCE)
    app.commit()
    assert (row.connection, row.origin) == ("default", "http://127.0.0.1:9")
    assert rows(app) == (row,)


def test_a_client_is_linked_with_the_apps_own_rows_or_not_at_all(app: App) -> None:
    app.begin()
    app.sell(1)
    app.link("pos-1", ORG)
    app.rollback()
    assert app.store.clients.links() == ()

    app.begin()
    app.sell(2)
    link = app.link("pos-1", ORG)
    app.add(ORG, purchase(), source=SOURCE)
    app.commit()
    assert app.store.clients.links() == (link,)
    assert len(rows(app)) == 1
    assert app.sales() == [2]


def test_a_link_that_is_there_is_a_no_op_and_another_one_the_same_error(app: App) -> None:
    clients = app.store.clients
    link = clients.link("pos-1", ORG)
    for arguments in (("pos-1", "org_2"), ("pos-2", ORG)):
        with pytest.raises(InputError) as without:
            clients.link(*arguments)
        app.begin()
        with pytest.raises(InputError) as within:
            app.link(*arguments)
        app.sell(1)
        app.commit()
        assert str(within.value) == str(without.value)

    app.begin()
    assert app.link("pos-1", ORG) == link
    shared = app.link("pos-2", ORG, shared=True)
    app.commit()
    assert clients.links() == (link, shared)
    assert app.sales() == [1, 1]


def test_an_account_is_linked_with_the_apps_own_rows_or_not_at_all(app: App) -> None:
    with Sandbox() as box:
        world = World(box)
        with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
            books = hq.organization(world.org)
            checking = books.bank_accounts()[0]
            account = books.accounts()[0]
    links = app.store.accounts(world.org)
    app.begin()
    app.link_account(world.org, "till", checking)
    app.rollback()
    assert links.links() == ()

    app.begin()
    link = app.link_account(world.org, "till", checking)
    assert app.link_account(world.org, "till", checking) == link
    with pytest.raises(InputError, match="is already linked to bank_account"):
        app.link_account(world.org, "till", account)
    app.sell(1)
    app.commit()
    assert links.links() == (link,)
    assert app.sales() == [1]


def test_a_link_needs_an_open_transaction_too(app: App) -> None:
    app.commits_at_once()
    app.begin()
    with pytest.raises(InputError, match="No transaction is open"):
        app.link("pos-1", ORG)
    assert app.store.clients.links() == ()


def test_what_would_be_refused_is_found_before_it_is_written(app: App) -> None:
    with Sandbox() as box:
        world = World(box)
        kind: Any = AsyncLedgerHQ if app.awaits else LedgerHQ
        hq = kind(base_url=box.url, access_token=box.access_token())
        books = hq.organization(world.org)
        app.begin()
        with pytest.raises(
            InputError, match="source_account_id: the company has no account 'nowhere'"
        ):
            app.add(
                books,
                evolve(world.purchase(), source_account_id="nowhere"),
                source=SOURCE,
                check=True,
            )

        row = app.add(books, world.purchase(), source=SOURCE, check=True)
        requests = len(box.requests)
        assert app.add(books, world.purchase(), source=SOURCE, check=True) == row
        app.commit()
        assert len(box.requests) == requests
        assert rows(app) == (row,)
        if app.awaits:
            app.runner.run(hq.close())
        else:
            hq.close()
