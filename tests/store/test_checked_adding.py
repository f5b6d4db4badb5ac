"""Adding with a look at the books first: what would be refused is not written down."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from ledgerhq_ext import AsyncLedgerHQ, InputError, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store
from tests.support.companies import World
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


async def test_what_would_be_refused_is_not_written_down(surface: Surface, store: Store) -> None:
    with Sandbox() as box:
        world = World(box)
        kind: Any = surface
        hq = kind(base_url=box.url, access_token=box.access_token())
        books = hq.organization(world.org)
        outbox = outbox_of(surface, store)
        wrong = evolve(world.purchase(), source_account_id="nowhere")

        with pytest.raises(
            InputError, match="source_account_id: the company has no account 'nowhere'"
        ):
            await resolve(outbox.add(books, wrong, source=("till", "1"), check=True))
        assert await resolve(outbox.postings()) == ()
        # Without a look it is written down, and the service says what is wrong.
        await resolve(outbox.add(books, wrong, source=("till", "1")))
        assert (await resolve(outbox.drain(hq))).rejected == 1

        row = await resolve(outbox.add(books, world.purchase(), source=("till", "2"), check=True))
        assert row.state == "pending"
        assert world.posts("purchases") == 1
        await resolve(hq.close())


async def test_what_is_there_is_not_checked_again(surface: Surface, store: Store) -> None:
    """It may have changed the books since: a bill that it paid is paid."""
    with Sandbox() as box:
        world = World(box)
        kind: Any = surface
        hq = kind(base_url=box.url, access_token=box.access_token())
        books = hq.organization(world.org)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(books, world.purchase(), source=("till", "1"), check=True))
        requests = len(box.requests)
        await resolve(outbox.add(books, world.purchase(), source=("till", "1"), check=True))
        assert len(box.requests) == requests
        await resolve(hq.close())


async def test_a_look_needs_a_handle_that_waits_as_the_outbox_does(
    surface: Surface, store: Store
) -> None:
    other = AsyncLedgerHQ if surface is LedgerHQ else LedgerHQ
    outbox = outbox_of(surface, store)
    with Sandbox() as box:
        world = World(box)
        hq = other(base_url=box.url, access_token=box.access_token())
        maker = rf"{surface.__name__}\.organization"
        for organization in (world.org, hq.organization(world.org)):
            with pytest.raises(InputError, match=maker):
                await resolve(
                    outbox.add(organization, world.purchase(), source=("till", "1"), check=True)
                )
        assert list(box.requests) == []
        await resolve(hq.close())
