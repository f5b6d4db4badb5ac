"""Moving to the vendor's new host: tokens, links and postings, in one call and one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from ledgerhq_ext import FileTokenStore, InputError, LedgerHQ
from ledgerhq_ext.store import HostMove, Store
from tests.cases.wire_support import (
    Exchange,
    Firm,
    Ledger,
    RawServer,
    account,
    connection,
    purchase,
    token_answer,
)
from tests.support.outbox import OPTIONS, after, the_only, time_passes
from tests.support.surfaces import Surface, resolve
from tests.support.tokens import write_connection

pytestmark = pytest.mark.anyio

ORG = "org_1"
STAGING = "https://staging.ledgerhq.pro"
OLD, NEW, NEWEST = "https://app.ledgerhq.pro", "https://ledgerhq.pro", "https://eu.ledgerhq.pro"


def client_of(surface: Surface, url: str, **credentials: Any) -> Any:
    kind: Any = surface
    return kind(base_url=url, **(credentials or {"access_token": "mcp_at_x"}), **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


async def move(surface: Surface, store: Store, old: str, new: str, **more: Any) -> HostMove:
    method: Any = store.move_host if surface is LedgerHQ else store.async_move_host
    result: HostMove = await resolve(method(old, new, **more))
    return result


def refuse_400(exchange: Exchange) -> bool:
    return exchange.reply(422, {"error": "The account is inactive"})


async def fill(surface: Surface, store: Store, old: Ledger) -> None:
    """Leave a posting of each kind: posted, rejected, one that may stand, and one that was never
    sent; and a link.
    """
    hq = client_of(surface, old.url)
    outbox = outbox_of(surface, store)
    books = hq.organization(ORG)
    old.faults = ["", refuse_400, "lost after"]
    for name in ("posted", "rejected", "lost"):
        await resolve(outbox.add(books, purchase(), source=("till", name)))
    await resolve(outbox.drain(hq, **after(3)))
    await resolve(outbox.add(books, purchase(), source=("till", "pending")))
    clients: Any = store.clients if surface is LedgerHQ else store.async_clients
    await resolve(clients.link("client-1", books))
    await resolve(hq.close())


async def test_what_never_stood_is_sent_to_the_new_host_and_the_rest_waits(
    surface: Surface, store: Store
) -> None:
    with Ledger() as old, Ledger() as new:
        await fill(surface, store, old)
        moved = await move(surface, store, old.url, new.url)
        assert moved == HostMove(
            old=old.url,
            new=new.url,
            postings=4,
            links=1,
            connections=0,
            older_connections=0,
            needs_attention=1,
        )

        hq = client_of(surface, new.url)
        outbox = outbox_of(surface, store)
        time_passes(store, 1000)
        assert (await resolve(outbox.drain(hq))).posted == 1
        assert len(new.entries) == 1

        rows = {row.source[1]: row for row in await resolve(outbox.postings(hq=hq))}
        assert {name: row.state for name, row in rows.items()} == {
            "posted": "posted",
            "rejected": "rejected",
            "lost": "needs_attention",
            "pending": "posted",
        }
        assert {row.origin for row in rows.values()} == {new.url}
        assert rows["posted"].sent_origin == rows["lost"].sent_origin == old.url
        assert rows["lost"].failure is not None
        assert old.url in rows["lost"].failure.message
        assert {link.origin for link in store.clients.links()} == {new.url}

        row = await resolve(outbox.resolve(rows["lost"], stands_as=None))
        assert row.sent_origin is None
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
    assert len(old.entries) == 2
    assert len(new.entries) == 2


async def test_where_the_keys_moved_too_what_may_stand_is_sent_again(
    surface: Surface, store: Store
) -> None:
    with Ledger() as old, Ledger() as new:
        await fill(surface, store, old)
        # The new host has the books and the keys of the old one.
        new.entries = old.entries
        new._keys = old._keys
        moved = await move(surface, store, old.url, new.url, keys_moved=True)
        assert (moved.postings, moved.needs_attention) == (4, 0)

        hq = client_of(surface, new.url)
        outbox = outbox_of(surface, store)
        time_passes(store, 1000)
        drained = await resolve(outbox.drain(hq))
        assert (drained.posted, drained.needs_attention) == (2, 0)
        await resolve(hq.close())
    assert [entry["id"] for entry in new.entries] == ["je_0", "je_1", "je_2"]


async def test_a_posting_that_is_bound_by_its_first_send_only_moves_too(
    surface: Surface, store: Store
) -> None:
    with Ledger() as old, Ledger() as new:
        old.faults = ["lost after"]
        hq = client_of(surface, old.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(ORG, purchase(), source=("till", "1")))
        await resolve(outbox.drain(hq, **after(1)))
        await resolve(hq.close())

        assert (await move(surface, store, old.url, new.url)).needs_attention == 1
        row = the_only(await resolve(outbox.postings("needs_attention")))
        assert (row.origin, row.connection) == (new.url, None)


@pytest.mark.parametrize(
    "name", ["add", "link", "post", "drain", "candidates", "postings", "status"]
)
async def test_a_client_of_the_old_host_is_refused(
    surface: Surface, store: Store, name: str
) -> None:
    """What it adds would wait for good, what is nobody's would go to the old host, and all would
    seem settled.
    """
    with Ledger() as old, Ledger() as new:
        late = client_of(surface, old.url)
        outbox = outbox_of(surface, store)
        clients: Any = store.clients if surface is LedgerHQ else store.async_clients
        books = late.organization(ORG)
        await resolve(outbox.add(books, purchase(), source=("till", "1")))
        await resolve(outbox.add(ORG, purchase(), source=("till", "nobody's")))
        await move(surface, store, old.url, new.url)

        calls: dict[str, Any] = {
            "add": lambda: outbox.add(books, purchase(), source=("till", "2")),
            "link": lambda: clients.link("client-1", books),
            "post": lambda: outbox.post(books, purchase(), source=("till", "2")),
            "drain": lambda: outbox.drain(late),
            "candidates": lambda: outbox.candidates(late),
            "postings": lambda: outbox.postings(hq=late),
            "status": lambda: outbox.status(late),
        }
        with pytest.raises(InputError, match=f"moved from {old.url} to {new.url}"):
            await resolve(calls[name]())
        await resolve(late.close())

        assert store.clients.links() == ()
        hq = client_of(surface, new.url)
        assert (await resolve(outbox.drain(hq))).posted == 2
        assert (await resolve(outbox.status())).total == 2
        await resolve(hq.close())
    assert old.entries == []


def test_a_worker_that_did_not_stop_sends_nothing_more_to_the_old_host(store: Store) -> None:
    """The host moves while it sends; what came of that is written down all the same."""
    with (
        Ledger() as old,
        Ledger() as new,
        LedgerHQ(base_url=old.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization(ORG), purchase(1), source=("till", "1"))
        # Nobody's in particular: it goes to whoever asks first.
        outbox.add(ORG, purchase(2), source=("till", "2"))
        old.before_answer = lambda _: store.move_host(old.url, new.url)

        with pytest.raises(InputError, match="moved from"):
            outbox.drain(hq)
        assert len(old.entries) == 1
        first, second = outbox.postings()
        assert (first.state, second.state, second.sent_origin) == ("posted", "pending", None)
        assert first.receipt is not None


async def test_a_host_that_has_the_service_again_is_used_again(
    surface: Surface, store: Store
) -> None:
    with Ledger() as old, Ledger() as new:
        hq = client_of(surface, old.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=("till", "1")))
        await move(surface, store, old.url, new.url)
        await move(surface, store, new.url, old.url)
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
    assert new.requests == []


async def test_tokens_go_to_the_new_host_and_are_written_for_it(
    surface: Surface, store: Store
) -> None:
    """No key is needed to move them; the next refresh writes the new host into the ciphertext."""

    def serve(exchange: Exchange) -> bool:
        if exchange.path == "/api/oauth/token":
            return exchange.reply(200, token_answer(1))
        return exchange.reply(200, {"accounts": [account(ORG)]})

    key = Fernet.generate_key()
    with Firm() as old, RawServer(serve) as new:
        write_connection(store.token_store(key), old.connection())
        await move(surface, store, old.url, new.url)

        hq = client_of(surface, new.url, token_store=store.token_store(key))
        assert len(await resolve(hq.organization(ORG).accounts())) == 1
        assert {exchange.token for exchange in new.requests if exchange.method == "GET"} == {
            "mcp_at_1"
        }
        stored = store.token_store(key).read()
        await resolve(hq.close())

        late = client_of(surface, old.url, token_store=store.token_store(key))
        with pytest.raises(InputError, match="The stored tokens belong to"):
            await resolve(late.organization(ORG).accounts())
        await resolve(late.close())
        assert old.requests == []
    assert stored is not None
    assert (stored.issuer, stored.access_token) == (new.url, "mcp_at_1")


def test_a_host_may_move_twice_and_back(store: Store) -> None:
    tokens = store.token_store(plaintext=True)
    write_connection(tokens, connection(OLD, life=3600))
    for old, new in ((OLD, NEW), (NEW, NEWEST), (NEWEST, OLD), (OLD, NEW)):
        store.move_host(old, new)
        stored = tokens.read()
        assert stored is not None
        assert stored.issuer == new


def test_tokens_of_another_host_stay_where_they_are(store: Store) -> None:
    """Nobody needs a key to see whose they are."""
    for name, url in (("staging", STAGING), ("birch", OLD), ("oak", OLD)):
        write_connection(
            store.token_store(Fernet.generate_key(), name=name), connection(url, life=3600)
        )
    moved = store.move_host(OLD, NEW)
    assert (moved.connections, moved.older_connections) == (2, 0)
    moved = store.move_host(STAGING, OLD)
    assert moved.connections == 1


def test_a_host_that_is_misspelled_is_refused_although_there_are_tokens(store: Store) -> None:
    tokens = store.token_store(Fernet.generate_key())
    write_connection(tokens, connection(OLD, life=3600))
    with pytest.raises(
        InputError, match=rf"belongs to {OLD}l\. Nothing was changed\. It has data for {OLD}\."
    ):
        store.move_host(f"{OLD}l", NEW)
    stored = tokens.read()
    assert stored is not None
    assert stored.issuer == OLD


def test_tokens_that_an_older_release_wrote_are_counted_apart(store: Store) -> None:
    """Whose they are stands in their ciphertexts only: nothing can be refused, and the answer says
    so.
    """
    key = Fernet.generate_key()
    tokens = store.token_store(key)
    write_connection(tokens, connection(OLD, life=3600))
    store._database.write(
        "test", lambda db: db.execute(text("UPDATE ledgerhq_tokens SET origin = NULL"))
    )

    moved = store.move_host(f"{OLD}l", NEW)
    assert (moved.connections, moved.older_connections) == (0, 1)
    moved = store.move_host(OLD, NEW)
    assert (moved.connections, moved.older_connections) == (0, 1)
    stored = tokens.read()
    assert stored is not None
    assert stored.issuer == NEW

    tokens.rotate()
    moved = store.move_host(NEW, NEWEST)
    assert (moved.connections, moved.older_connections) == (1, 0)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (OLD, NEW, "Nothing in this store belongs to"),
        (OLD, OLD, "old and new are both"),
        (OLD, f"{OLD}:443/", "old and new are both"),
        (OLD, "http://ledgerhq.pro", "new is not a valid address"),
        ("ftp://app.ledgerhq.pro", NEW, "old is not a valid address"),
        ("app.ledgerhq.pro", NEW, "old is not a valid address"),
        (OLD, None, "new is not a valid address"),
    ],
)
async def test_what_is_no_move(
    surface: Surface, store: Store, old: Any, new: Any, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        await move(surface, store, old, new)


def test_a_token_file_moves_without_a_store(tmp_path: Path) -> None:
    tokens = FileTokenStore(tmp_path / "tokens.json")
    with pytest.raises(InputError, match="contains no connection to"):
        tokens.move_host(OLD, NEW)
    write_connection(tokens, connection(OLD, life=3600))
    tokens.move_host(OLD, NEW)
    stored = tokens.read()
    assert stored is not None
    assert (stored.issuer, stored.refresh_token) == (NEW, "mcp_rt_0")
    with pytest.raises(InputError, match="contains no connection to"):
        tokens.move_host(OLD, NEW)
    with pytest.raises(InputError, match="old and new are both"):
        tokens.move_host(NEW, NEW)

    section = tokens.try_lock()
    assert section is not None
    with section, pytest.raises(InputError, match="being refreshed"):
        tokens.move_host(NEW, OLD)
