"""The written modules: which classes and functions each one is written from."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Twin:
    """An asynchronous class, and the blocking one that is written from it."""

    source: str
    """The module of the asynchronous class, below ``ledgerhq_ext``."""
    name: str
    doc: str
    target: str
    """The module that is written."""

    @property
    def awaiting(self) -> str:
        """The name of the asynchronous class."""
        return f"Async{self.name}"


@frozen(kw_only=True)
class Raw:
    """The class behind ``with_raw_response`` of an asynchronous class."""

    source: str
    name: str
    without: frozenset[str]
    """Methods that may send nothing, or return the response anyway."""


TARGETS = {
    "_raw_responses": (
        "Calls that return their response too: the classes behind ``with_raw_response``."
    ),
    "blocking": "The blocking clients: every method runs its asynchronous twin to its end.",
    "pack._blocking": "The reading of a management pack, blocking.",
    "review._blocking": "Bank review, blocking.",
    "store._blocking": "The blocking outbox and mappings: every method runs its asynchronous twin.",
}
RAW_TARGET = "_raw_responses"
PACKAGES = ("ledgerhq_ext.pack", "ledgerhq_ext.review", "ledgerhq_ext.store")
"""Packages whose own imports need the written modules."""
RAWS = (
    Raw(
        source="client",
        name="AsyncOrganization",
        without=frozenset({"cents", "check", "record", "period", "request", "call"}),
    ),
    Raw(
        source="client",
        name="AsyncLedgerHQ",
        without=frozenset(
            {
                "authorization_request",
                "call",
                "close",
                "connect",
                "disconnect",
                "register_client",
                "request",
            }
        ),
    ),
)
TWINS = (
    Twin(
        source="client",
        name="Organization",
        doc="""One client company, and all that belongs to it. Made by ``LedgerHQ.organization``.

    Every method that sends takes the options of this one call, too (``CallOptions``):
    ``books.accounts(deadline=10)``. The routes that methods name are those with the header
    ``x-organization-id``; with ``carrier="path"``, a call goes below ``/api/v1/companies`` where
    the contract has its route there.""",
        target="blocking",
    ),
    Twin(
        source="client",
        name="LedgerHQ",
        doc="""A connection to LedgerHQ as a firm; use it as a context manager.

    Every method that sends takes the options of this one call, too (``CallOptions``).

    Safe to share between threads.
    After a fork the child makes its own connections; share a client between processes by a token
    store, not by the object.""",
        target="blocking",
    ),
    Twin(
        source="_raw_responses",
        name="OrganizationWithRawResponse",
        doc="The calls of an organization; each returns its response too, as a ``RawResponse``.",
        target="blocking",
    ),
    Twin(
        source="_raw_responses",
        name="LedgerHQWithRawResponse",
        doc="The calls of a firm; each returns its response too, as a ``RawResponse``.",
        target="blocking",
    ),
    Twin(
        source="store._outbox",
        name="Outbox",
        doc="The outbox of a store, for threads and processes; made by ``Store.outbox``.",
        target="store._blocking",
    ),
    Twin(
        source="store._mapping",
        name="Clients",
        doc="The partner's clients and their organizations; ``Store.clients``.",
        target="store._blocking",
    ),
    Twin(
        source="store._mapping",
        name="AccountLinks",
        doc="The partner's accounts in one organization; ``Store.accounts``.",
        target="store._blocking",
    ),
)
FUNCTIONS = {
    "pack._blocking": (("pack._reading", "async_read_pack"),),
    "review._blocking": (
        ("review._applying", "async_apply"),
        ("review._reading", "async_read_table"),
    ),
}
"""Written module -> the asynchronous functions that its blocking twins are written from."""
HAND_WRITTEN_TWINS = {"AsyncPages": "ledgerhq_ext._resources.pages.Pages"}
TYPES = {
    "httpx.AsyncClient": "httpx.Client",
    "httpx.AsyncBaseTransport": "httpx.BaseTransport",
    "Callable[[float], Awaitable[object]]": "Callable[[float], object]",
    "AwaitingIO": "BlockingIO",
}
