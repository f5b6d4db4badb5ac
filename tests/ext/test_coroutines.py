"""A blocking method runs its coroutine to the end in one step, wherever it is called; what would
wait is refused.

No test here may leave a coroutine that was never awaited: pytest makes an error of the warning.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import httpx
import pytest
from ledgerhq_api.api.accounts import get_accounts_by_id
from ledgerhq_api.api.organizations import get_organizations

from ledgerhq_ext import (
    AccountAllocation,
    AsyncLedgerHQ,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    LedgerHQWithRawResponse,
    MemoryTokenStore,
    OAuth,
    Organization,
    OrganizationWithRawResponse,
    Pages,
    RetryPolicy,
)
from ledgerhq_ext._http.io import run
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clients import BASE, ORG, TOKEN
from tests.support.clocks import FakeClock
from tests.support.companies import World
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts, receipt
from tests.support.stepping import exhausted, in_asyncio, in_trio, methods, one_step, settled

pytestmark = pytest.mark.slow

CODES = itertools.count(7001)
"""Of new accounts: no two of them have one code."""
BACK = "http://127.0.0.1:8123/back"


class Firm(World):
    """A connected firm, Maple Street Coffee among its companies, and what methods are called with."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__(box)
        self.store = MemoryTokenStore()
        self.hq = LedgerHQ(OAuth(self.store), base_url=box.url)
        self.request = self.hq.authorization_request(BACK)
        self.hq.connect(self.callback_url(), self.request)
        self.books = self.hq.organization(self.org)
        self.request = self.hq.authorization_request(BACK)

    def callback_url(self) -> str:
        """Return where the browser comes back to."""
        with httpx.Client(verify=False) as browser:
            return browser.get(self.request.url).headers["location"]

    def row_id(self, *, booked: bool = False, status: str = "unreconciled", **columns: Any) -> str:
        """Return the id of a row of the register, with an entry or without one."""
        for row in self.rows(status=status, **columns):
            if (row["journalEntryId"] is not None) == booked:
                return str(row["id"])
        raise AssertionError("the sandbox has no such row")

    @cached_property
    def draft(self) -> DraftEntry:
        """A draft that is not there yet."""
        lines = [
            JournalLine(account_id=self.account("6600"), debit_amount=1250),
            JournalLine(account_id=self.account("1590"), credit_amount=1250),
        ]
        return DraftEntry(date="2026-06-30", description="Depreciation of June", lines=lines)

    @cached_property
    def draft_id(self) -> str:
        """The id of a draft entry."""
        return self.books.create_entry(self.draft).id

    @cached_property
    def posted_id(self) -> str:
        """The id of a posted entry."""
        return self.books.post_entry(self.draft_id).id

    def allocations(self) -> list[AccountAllocation]:
        """Return a split of the row of the wholesale club."""
        shares = {"6100": 20_000, "6900": 3_940}
        return [
            AccountAllocation(account_id=self.account(code), amount=cents)
            for code, cents in shares.items()
        ]


Call = Callable[[Any, Firm], Any]
"""Calls a method of a handle, a blocking one or the asynchronous one behind it."""

OF_A_COMPANY: dict[str, Call] = {
    "accounts": lambda books, firm: books.accounts(),
    "balance_sheet": lambda books, firm: books.balance_sheet("2026-06-30"),
    "bank_account_transactions": lambda books, firm: books.bank_account_transactions(
        firm.books.bank_accounts()[0]
    ),
    "bank_accounts": lambda books, firm: books.bank_accounts(),
    "bank_connections": lambda books, firm: books.bank_connections(),
    "bank_feed_health": lambda books, firm: books.bank_feed_health(),
    "bank_feeds": lambda books, firm: books.bank_feeds(),
    "bank_reconciliation_status": lambda books, firm: books.bank_reconciliation_status(),
    "bank_transaction": lambda books, firm: books.bank_transaction(firm.row_id()),
    "bank_transactions": lambda books, firm: books.bank_transactions(
        status="unreconciled", page_size=10
    ),
    "bill": lambda books, firm: books.bill("BILL-1008"),
    "bills": lambda books, firm: books.bills(page_size=5),
    "call": lambda books, firm: books.call(get_accounts_by_id, id=firm.account("1010")),
    "cents": lambda books, firm: books.cents("12.50"),
    "check": lambda books, firm: books.check(firm.purchase()),
    "contact": lambda books, firm: books.contact(name="Metro Parts"),
    "contacts": lambda books, firm: books.contacts(page_size=5),
    "create_account": lambda books, firm: books.create_account(
        code=f"{next(CODES)}", name="Toner", type="expense"
    ),
    "create_contact": lambda books, firm: books.create_contact(name="Toner Town", type="supplier"),
    "create_entry": lambda books, firm: books.create_entry(firm.draft),
    "entries": lambda books, firm: books.entries(start="2026-06-01"),
    "entry": lambda books, firm: books.entry(firm.draft_id),
    "exclude": lambda books, firm: books.exclude(firm.row_id()),
    "financial_packet": lambda books, firm: books.financial_packet("last quarter"),
    "general_ledger": lambda books, firm: books.general_ledger("2026-06"),
    "include": lambda books, firm: books.include(firm.row_id(status="excluded")),
    "match": lambda books, firm: books.match(
        firm.row_id(description="ACH METRO PARTS"), bill=firm.books.bill("BILL-1003")
    ),
    "period": lambda books, firm: books.period("last quarter"),
    "post": lambda books, firm: books.post(firm.purchase(), source=("acme-pos", "1001")),
    "post_entry": lambda books, firm: books.post_entry(firm.draft_id),
    "profit_and_loss": lambda books, firm: books.profit_and_loss("2026-06"),
    "reclassify": lambda books, firm: books.reclassify(firm.row_id(), firm.account("6900")),
    "reconcile": lambda books, firm: books.reconcile(firm.row_id(booked=True)),
    "record": lambda books, firm: books.record(),
    "request": lambda books, firm: books.request("GET", "/api/v1/accounts"),
    "split": lambda books, firm: books.split(
        firm.row_id(description="WHOLESALE CLUB"), firm.allocations()
    ),
    "tax_rates": lambda books, firm: books.tax_rates(),
    "trial_balance": lambda books, firm: books.trial_balance("2026-06"),
    "void_entry": lambda books, firm: books.void_entry(firm.posted_id, reason="entered twice"),
    "with_options": lambda books, firm: books.with_options(retries=1),
}
OF_THE_FIRM: dict[str, Call] = {
    "__enter__": lambda hq, firm: enter(hq),
    "__exit__": lambda hq, firm: leave(hq),
    "authorization_request": lambda hq, firm: hq.authorization_request(BACK),
    "call": lambda hq, firm: hq.call(get_organizations),
    "close": lambda hq, firm: hq.close(),
    "company": lambda hq, firm: hq.company("Maple Street Coffee"),
    "connect": lambda hq, firm: hq.connect(firm.callback_url(), firm.request),
    "disconnect": lambda hq, firm: hq.disconnect(),
    "from_env": lambda hq, firm: hq.from_env(access_token=TOKEN, base_url=firm.box.url),
    "health": lambda hq, firm: hq.health(),
    "organization": lambda hq, firm: hq.organization(firm.org),
    "organizations": lambda hq, firm: hq.organizations(page_size=2),
    "register_client": lambda hq, firm: hq.register_client([BACK], "acme-pos"),
    "request": lambda hq, firm: hq.request("GET", "/api/v1/organizations"),
    "with_options": lambda hq, firm: hq.with_options(timeout=5),
}
OF_A_LIST: dict[str, Call] = {
    "__iter__": lambda pages, firm: pages,
    "first": lambda pages, firm: pages.first(),
    "page": lambda pages, firm: pages.page(2, 10),
    "pages": lambda pages, firm: pages.pages(),
}

CALLS: dict[type, dict[str, Call]] = {
    LedgerHQ: OF_THE_FIRM,
    LedgerHQWithRawResponse: OF_THE_FIRM,
    Organization: OF_A_COMPANY,
    OrganizationWithRawResponse: OF_A_COMPANY,
    Pages: OF_A_LIST,
}
HANDLES: dict[type, Callable[[Firm], Any]] = {
    LedgerHQ: lambda firm: firm.hq,
    LedgerHQWithRawResponse: lambda firm: firm.hq.with_raw_response,
    Organization: lambda firm: firm.books,
    OrganizationWithRawResponse: lambda firm: firm.books.with_raw_response,
    Pages: lambda firm: firm.books.bank_transactions(page_size=10),
}
METHODS = [
    pytest.param(kind, name, id=f"{kind.__name__}.{name}")
    for kind in CALLS
    for name in methods(kind)
]
each_method = pytest.mark.parametrize(("kind", "name"), METHODS)


def enter(hq: Any) -> Any:
    return hq.__enter__() if isinstance(hq, LedgerHQ) else hq.__aenter__()


def leave(hq: Any) -> Any:
    return (
        hq.__exit__(None, None, None)
        if isinstance(hq, LedgerHQ)
        else hq.__aexit__(None, None, None)
    )


@pytest.fixture(scope="module", autouse=True)
def _everything_was_awaited() -> Iterator[None]:
    """What hides in a cycle shows at the latest here; pytest makes an error of the warning."""
    yield
    gc.collect()


@pytest.fixture
def firm(box: Sandbox) -> Iterator[Firm]:
    firm = Firm(box)
    yield firm
    firm.hq.close()


def finished(kind: type, name: str, handle: Any, firm: Firm) -> Any:
    """What a method gives, a lazy list to its end."""
    return exhausted(CALLS[kind][name](handle, firm))


# --- one step


def test_the_tables_name_no_method_that_is_not_there() -> None:
    """A method that is missing in them fails below, where its test looks it up."""
    assert methods(LedgerHQ).keys() == OF_THE_FIRM.keys()
    assert methods(Organization).keys() == OF_A_COMPANY.keys()
    assert methods(Pages).keys() == OF_A_LIST.keys()


@each_method
def test_its_coroutine_ends_in_one_step(firm: Firm, kind: type, name: str) -> None:
    core = HANDLES[kind](firm)._core
    value = CALLS[kind][name](core, firm)
    twin = {"__enter__": "__aenter__", "__exit__": "__aexit__", "__iter__": "__aiter__"}.get(
        name, name
    )
    assert inspect.iscoroutine(value) == inspect.iscoroutinefunction(getattr(core, twin))
    result = settled(value)
    assert result != []
    assert not inspect.isawaitable(result)


@pytest.mark.sample
@each_method
def test_inside_a_running_loop_of_asyncio(firm: Firm, kind: type, name: str) -> None:
    handle = HANDLES[kind](firm)
    result = in_asyncio(lambda: finished(kind, name, handle, firm))
    assert result != []
    assert not inspect.isawaitable(result)


@pytest.mark.slow
def test_inside_a_running_loop_of_trio(server: Sandbox) -> None:
    """All of them in one test, which is skipped where trio is not installed."""
    pytest.importorskip("trio")
    for kind in CALLS:
        for name in methods(kind):
            server.reset()
            firm = Firm(server)
            handle = HANDLES[kind](firm)
            result = in_trio(functools.partial(finished, kind, name, handle, firm))
            assert result != [], name
            assert not inspect.isawaitable(result), name
            firm.hq.close()


def test_pauses_and_refreshes_are_part_of_the_step(firm: Firm) -> None:
    """A fault, a pause, a token that ran out: still nobody is waited for."""
    clock = FakeClock()
    firm.box.fault("POST /api/v1/purchases", "lose_response", times=2)
    patient = LedgerHQ(OAuth(firm.store), base_url=firm.box.url, sleep=clock.sleep)
    firm.box.advance(7200)
    before = firm.store.read()
    coroutine = patient.organization(firm.org)._core.post(
        firm.purchase(), source=("acme-pos", "1001")
    )
    one_step(coroutine)
    patient.close()
    after = firm.store.read()
    assert len(clock.sleeps) == 2
    assert before is not None
    assert after is not None
    assert before.access_token != after.access_token


# --- what would wait


def asynchronous_sleep(seconds: float) -> Any:
    """Not a coroutine function to look at, but something to await comes back."""
    return asyncio.sleep(seconds)


class Awaitable:
    """Something to await that is no coroutine, and that notices when it is given up."""

    def __init__(self) -> None:
        self.is_cancelled = False

    def __await__(self) -> Iterator[None]:
        yield

    def cancel(self) -> None:
        self.is_cancelled = True


def waiting(
    script: Script, sleep: Callable[[float], Any] = asynchronous_sleep, **settings: Any
) -> LedgerHQ:
    """A blocking client whose pauses would have to be awaited."""
    settings = {
        "access_token": TOKEN,
        "base_url": BASE,
        "retries": 3,
        "clock": FakeClock(),
        **settings,
    }
    return LedgerHQ(transport=httpx.MockTransport(script), sleep=sleep, **settings)


def refused(call: Callable[[], object], name: str) -> LedgerHQError:
    """Check that a call is refused by the name of its method, inside and outside of a loop."""
    with pytest.raises(LedgerHQError) as caught:
        call()
    error = caught.value
    assert error.message.startswith(f"{name}() would have to wait for an event loop")
    assert "sleep" in error.message
    assert error.outcome == "unknown"
    return error


@pytest.mark.parametrize("around", [lambda call: call(), in_asyncio], ids=["alone", "in a loop"])
def test_a_pause_that_would_have_to_be_awaited(around: Callable[[Callable[[], Any]], Any]) -> None:
    script = Script(503, receipt)
    books = waiting(script).organization(ORG)
    around(lambda: refused(lambda: books.post(PURCHASE, source=("pos", "1")), "post"))
    assert len(script.requests) == 1


def test_the_methods_are_named() -> None:
    hq = waiting(Script(503))
    books = hq.organization(ORG)
    refused(books.accounts, "accounts")
    refused(books.bank_connections, "bank_connections")
    refused(books.with_raw_response.accounts, "accounts")
    refused(lambda: books.request("GET", "/api/v1/accounts"), "request")
    refused(lambda: books.financial_packet("2026-06"), "financial_packet")
    refused(lambda: books.bills().page(1), "page")
    refused(hq.health, "health")
    # A ``for`` loop, which calls it.
    refused(lambda: list(books.bills()), "next")


def test_what_was_to_be_awaited_is_given_up() -> None:
    pauses: list[Awaitable] = []

    def sleep(_: float) -> Awaitable:
        pauses.append(Awaitable())
        return pauses[-1]

    refused(waiting(Script(503), sleep).organization(ORG).accounts, "accounts")
    assert [pause.is_cancelled for pause in pauses] == [True]


def test_a_verb_gives_its_turn_back(firm: Firm) -> None:
    """The row is locked while the verb reads; who comes next need not wait for the deadline."""
    row = firm.row_id()
    firm.box.fault("GET /api/v1/bank-transactions/{id}", "status", times=1)
    token = firm.box.access_token()
    hq = LedgerHQ(access_token=token, base_url=firm.box.url, sleep=asynchronous_sleep)
    error = refused(lambda: hq.organization(firm.org).exclude(row), "exclude")
    hq.close()
    assert firm.books.with_options(deadline=20).exclude(row).status == "excluded"
    # Held until here, with the frames that it came through.
    assert error.__traceback__ is not None


def test_a_verb_does_not_take_it_for_an_answer(firm: Firm) -> None:
    """After an unknown outcome a verb looks until its deadline, and a look that fails says nothing."""
    row = firm.row_id()
    firm.box.fault("POST /api/v1/bank-transactions/{id}/exclude", "status", times=1)
    token = firm.box.access_token()
    hq = LedgerHQ(access_token=token, base_url=firm.box.url, sleep=asynchronous_sleep)
    refused(lambda: hq.organization(firm.org).exclude(row), "exclude")
    hq.close()
    sent = [request["path"] for request in firm.box.requests if request["method"] == "POST"]
    assert sum(path.endswith("/exclude") for path in sent) == 1


def test_a_busy_token_store(firm: Firm) -> None:
    """Waiting for its section is refused as well, and leaves the section as it is."""
    clock = FakeClock()

    def sleep(seconds: float) -> Any:
        # Time passes, or a client that does not refuse this would ask for the section for ever.
        clock.advance(seconds)
        return asyncio.sleep(seconds)

    store = MemoryTokenStore()
    hq = waiting(Script(accounts), sleep, access_token=None, token_store=store, clock=clock)
    section = store.try_lock()
    assert section is not None
    with section:
        refused(hq.disconnect, "disconnect")
        assert store.try_lock() is None
    hq.disconnect()


def test_the_coroutine_is_closed() -> None:
    """Its ``finally`` blocks run, and whatever it waited for is let go."""
    steps: list[str] = []

    class Lock:
        async def __aenter__(self) -> None:
            steps.append("locked")

        async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
            steps.append(f"released after {getattr(kind, '__name__', None)}")

    async def patient() -> None:
        async with Lock():
            try:
                await asyncio.sleep(1)
            finally:
                steps.append("finally")
        steps.append("went on")

    async def main() -> None:
        with pytest.raises(LedgerHQError, match=r"^patient\(\) would have to wait") as caught:
            run(patient())
        # Now, not when nobody holds the exception and its frames any more.
        assert steps == ["locked", "finally", "released after GeneratorExit"]
        assert caught.value.outcome == "unknown"

    asyncio.run(main())


def test_a_missing_pause_of_an_asynchronous_client() -> None:
    """The other way round: a sleep function that blocks cannot be awaited."""
    script = Script(503, receipt)
    slept: list[float] = []
    sleep: Any = slept.append
    hq = AsyncLedgerHQ(
        access_token=TOKEN, base_url=BASE, transport=httpx.MockTransport(script), sleep=sleep
    )

    async def post() -> None:
        with pytest.raises(LedgerHQError, match="must return an awaitable, not NoneType") as caught:
            await hq.organization(ORG).post(PURCHASE, source=("pos", "1"))
        assert caught.value.outcome == "unknown"
        await hq.close()

    asyncio.run(post())
    assert (len(slept), len(script.requests)) == (1, 1)


def test_retries_without_pauses_need_no_loop() -> None:
    """Or the refusals above would come from something else than the pause."""
    script = Script(503, accounts)
    hq = waiting(script, sleep=lambda _: None, retries=RetryPolicy(attempts=2))
    assert len(hq.organization(ORG).accounts()) == 1
    with pytest.raises(InputError, match="sleep"):
        waiting(script, sleep=asyncio.sleep)
