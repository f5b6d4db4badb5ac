"""Every number and date of a packet is held by a check: changed by one, or put in its neighbor's
place, it is named.

``LEAVES=all`` renders every change, and not only the first of each kind.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from ledgerhq_ext import Check, render
from ledgerhq_ext.reports.packet import FinancialPacket

from .books import Way, books
from .reading import read_page, read_workbook

pytestmark = pytest.mark.slow

Path = tuple[str | int, ...]
PACKETS = {
    "month": books(Way(restarts=True)).packet(dt.date(2026, 6, 1), dt.date(2026, 6, 30)),
    "year": books(Way(natural=True, restarts=True, month=4), step=2).packet(
        dt.date(2025, 4, 1), dt.date(2026, 3, 31)
    ),
    "two years": books(Way(natural=True, closes=True), step=3).packet(
        dt.date(2025, 1, 1), dt.date(2026, 12, 31)
    ),
}

NAMED = {
    "profitAndLoss/revenue/balance": "profit and loss = ledger lines of the account",
    "profitAndLoss/expenses/balance": "profit and loss = ledger lines of the account",
    "profitAndLoss/totalRevenue": "total revenue = sum of its lines",
    "profitAndLoss/totalExpenses": "total expenses = sum of its lines",
    "profitAndLoss/netIncome": "net income = revenue less expenses",
    "balanceSheet/assets/accounts/balance": "balance sheet = trial balance of the account",
    "balanceSheet/assets/total": "total assets = sum of its lines",
    "balanceSheet/liabilities/accounts/balance": "balance sheet = trial balance of the account",
    "balanceSheet/liabilities/total": "total liabilities = sum of its lines",
    "balanceSheet/equity/accounts/balance": "balance sheet = trial balance of the account",
    "balanceSheet/equity/total": "total equity = sum of its lines",
    "trialBalance/accounts/debitBalance": "total debits = sum of its lines",
    "trialBalance/accounts/creditBalance": "total credits = sum of its lines",
    "trialBalance/totalDebits": "total debits = sum of its lines",
    "trialBalance/totalCredits": "total credits = sum of its lines",
    "generalLedger/lines/date": "lines of an entry have one date",
    "generalLedger/lines/entryNumber": "debits of an entry = its credits",
    "generalLedger/lines/debit": "debits of an entry = its credits",
    "generalLedger/lines/credit": "debits of an entry = its credits",
    "generalLedger/totalLines": "ledger lines = total lines",
    "bankReconciliationStatus/accounts/unreconciled/count": "rows unreconciled = rows by age",
    **{
        f"bankReconciliationStatus/accounts/unreconciled/aging/{age}": "rows unreconciled = rows by age"
        for age in ("week", "month", "twoMonths", "older")
    },
}
"""The rule that names a leaf of this kind when it is one more or one less."""

BY_ACCOUNT = {
    "generalLedger/lines/runningBalance": {
        "running balance = the one before and its line",
        "trial balance = last running balance of the account",
    },
    "trialBalance/accounts/debitBalance": {
        "balance sheet = trial balance of the account",
        "trial balance = last running balance of the account",
        "trial balance = ledger lines of the account since the year began",
    },
}
BY_ACCOUNT["trialBalance/accounts/creditBalance"] = BY_ACCOUNT["trialBalance/accounts/debitBalance"]
"""Rules of which one names the account of such a leaf."""

UNSEEN = {
    "generatedAt": "the moment of reading; nothing else in the packet is of it",
    "period/startDate": "what was asked for; the layer compares the answer with it",
    "period/endDate": "what was asked for; the layer compares the answer with it",
    "bankReconciliationStatus/accounts/balance": "is of the day of reading, and its account is not named",
    "bankReconciliationStatus/accounts/balanceDiscrepancy": "is of the day of reading, against an account not named",
    "bankReconciliationStatus/accounts/unreconciled/total": "the rows themselves are not in the packet",
    "bankReconciliationStatus/accounts/lastReconciliation/endDate": "the reconciliations are not in the packet",
}
"""Leaves that no check can see, and why."""

UNSEEN_SWAPS = {
    (
        "bankReconciliationStatus/accounts/balance",
        "bankReconciliationStatus/accounts/balanceDiscrepancy",
    ): "as above",
    ("balanceSheet/equity/accounts/balance", "balanceSheet/equity/accounts/balance"): (
        "retained and current earnings in a month: both statements balance either way, and a "
        "service may well carry earlier years forward on the balance sheet alone; over a year or "
        "more it is named"
    ),
}
_AGES = [
    f"bankReconciliationStatus/accounts/unreconciled/aging/{age}"
    for age in ("week", "month", "twoMonths", "older")
]
UNSEEN_SWAPS |= dict.fromkeys(pairwise(_AGES), "their sum, all that is known of them, is the same")
"""Leaves that can change places unseen, and why."""


def leaves(document: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every number and date of a document, in its order."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, (*path, name))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from leaves(value, (*path, place))
    elif (isinstance(document, int) and not isinstance(document, bool)) or is_day(document):
        yield path, document


def is_day(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value) is not None


def kind(path: Path) -> str:
    """A path without places."""
    return "/".join(step for step in path if isinstance(step, str))


def moved(value: Any, by: int) -> Any:
    """A number or a day, some further."""
    if isinstance(value, int):
        return value + by
    return str(dt.date.fromisoformat(value[:10]) + dt.timedelta(days=by)) + value[10:]


def at(document: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        document = document[step]
    return document


class Changed:
    """A document with some leaves changed, for the time of a block."""

    def __init__(self, document: Any, *changes: tuple[Path, Any]) -> None:
        self._document, self._changes = document, changes
        self._before = [(path, at(document, path)) for path, _ in changes]

    def __enter__(self) -> FinancialPacket:
        self._put(self._changes)
        return FinancialPacket.from_dict(self._document)

    def __exit__(self, *_: object) -> None:
        self._put(self._before)

    def _put(self, changes: Any) -> None:
        for path, value in changes:
            at(self._document, path[:-1])[path[-1]] = value


def differing(packet: FinancialPacket) -> list[Check]:
    return [check for check in packet.checks() if check.verdict == "differs"]


def names(checks: list[Check], document: Any, path: Path, value: Any) -> bool:
    """Whether the checks name a leaf: by its own rule, and its account or entry where it has one."""
    if path[0] == "period":
        return any(check.rule == "date of a ledger line is in the period" for check in checks)
    row = at(document, path[:-1])
    own = [check for check in checks if check.rule == NAMED.get(kind(path))]
    if path[-1] in ("entryNumber", "date", "debit", "credit"):
        return any(check.entry_number in (row["entryNumber"], value) for check in own)
    if path[-1] == "balance" and row.get("accountId"):
        return any(check.account_id == row["accountId"] for check in own)
    if path[-1] == "balance":
        return any(check.rule.startswith("Current Year Earnings") for check in checks)
    wanted = BY_ACCOUNT.get(kind(path))
    if wanted:
        return any(
            check.account_id == row["accountId"] and check.rule in wanted for check in checks
        )
    return bool(own)


@pytest.mark.parametrize("name", PACKETS)
def test_a_leaf_that_is_one_more_or_less_is_named(name: str) -> None:
    document = PACKETS[name].to_dict()
    assert not differing(FinancialPacket.from_dict(document))
    unseen: set[str] = set()
    unnamed: list[tuple[Path, int]] = []
    for path, value in list(leaves(document)):
        for by in (1, -1):
            with Changed(document, (path, moved(value, by))) as packet:
                checks = differing(packet)
            if not checks:
                unseen.add(kind(path))
            elif kind(path) not in UNSEEN and not names(checks, document, path, moved(value, by)):
                unnamed.append((path, by))
    assert unnamed == []
    assert unseen == set(UNSEEN)


def swaps(document: Any) -> Iterator[tuple[Path, Path]]:
    """Neighbors in the document, and neighbors in a column, that can change places."""
    every = list(leaves(document))
    values = dict(every)
    for (one, first), (other, second) in pairwise(every):
        if (
            first != second
            and type(first) is type(second)
            and (isinstance(first, int) or len(first) == len(second))
        ):
            yield one, other
    for path, value in every:
        if len(path) > 1 and isinstance(path[-2], int):
            below = (*path[:-2], path[-2] + 1, path[-1])
            if below in values and values[below] != value:
                yield path, below


@pytest.mark.sample
@pytest.mark.parametrize("name", PACKETS)
def test_two_leaves_that_change_places_are_named(name: str) -> None:
    document = PACKETS[name].to_dict()
    unseen: set[tuple[str, str]] = set()
    unnamed: list[tuple[Path, Path]] = []
    for one, other in set(swaps(document)):
        first, second = at(document, one), at(document, other)
        with Changed(document, (one, second), (other, first)) as packet:
            checks = differing(packet)
        if not checks:
            unseen.add((kind(one), kind(other)))
            continue
        # Two of one row: the rule of either is enough, such as that of the trial balance's totals.
        rules = {NAMED.get(kind(one)), NAMED.get(kind(other))} if one[:-1] == other[:-1] else set()
        if any(check.rule in rules for check in checks):
            continue
        if not names(checks, document, one, second) and not names(checks, document, other, first):
            unnamed.append((one, other))
    assert unnamed == []
    expected = set(UNSEEN_SWAPS)
    if name != "month":
        expected.discard(
            ("balanceSheet/equity/accounts/balance", "balanceSheet/equity/accounts/balance")
        )
    assert unseen == expected


CENTS = re.compile(r"(-?\d+) against (-?\d+) cents")
TITLES = {
    "profitAndLoss": "Profit and loss",
    "balanceSheet": "Balance sheet",
    "trialBalance": "Trial balance",
    "generalLedger": "General ledger",
    "bankReconciliationStatus": "Bank reconciliation",
}


def shown_by_kind() -> list[tuple[str, Path, int]]:
    """The first leaf of every kind in the packet of a month; all leaves of all packets with
    ``LEAVES=all``.
    """
    chosen: dict[Any, tuple[str, Path, int]] = {}
    everything = os.environ.get("LEAVES") == "all"
    for name, packet in PACKETS.items() if everything else [("month", PACKETS["month"])]:
        for path, _ in leaves(packet.to_dict()):
            if kind(path) not in UNSEEN:
                chosen.setdefault((name, path) if everything else kind(path), (name, path, 1))
    return list(chosen.values())


@pytest.mark.parametrize(("name", "path", "by"), shown_by_kind())
def test_what_differs_is_seen_in_every_document(name: str, path: Path, by: int) -> None:
    document = PACKETS[name].to_dict()
    with Changed(document, (path, moved(at(document, path), by))) as packet:
        checks = differing(packet)
        problems = [f"{TITLES[check.statement]}: {in_dollars(str(check))}" for check in checks]
        page = read_page(render.html(packet))
        listed = page.texts["li"]
        words = squeezed(
            "".join(
                sheet.extract_text() for sheet in PdfReader(io.BytesIO(render.pdf(packet))).pages
            )
        )
        book = read_workbook(render.xlsx(packet))
        table = render.csv(packet, "checks")
    cells = {cell for row in page.tables["checks-table"] for cell in row}
    summary = {cell for row in book["Summary"] for cell in row}
    for check, problem in zip(checks, problems, strict=True):
        assert problem in listed
        assert squeezed(problem) in words
        assert check.rule in cells
        assert any(problem in cell for cell in summary)
        assert any(
            check.rule in row and any(cell.startswith("differs") for cell in row)
            for row in book["Checks"]
        )
        assert f"DOES NOT TIE: {problem}" in table.replace('"', "")
    assert page.texts["title"].startswith("DOES NOT TIE")
    assert "Doesnottie" in words


def in_dollars(problem: str) -> str:
    """Return what a check says with its amounts as documents write them."""
    return CENTS.sub(lambda match: f"{dollars(match[1])} against {dollars(match[2])}", problem)


def dollars(cents: str) -> str:
    major, minor = divmod(abs(int(cents)), 100)
    amount = f"${major:,}.{minor:02}"
    return f"({amount})" if cents.startswith("-") else amount


def squeezed(text: str) -> str:
    """Without blanks and the invisible places where a line may break."""
    return re.sub(r"[\s\u200b]", "", text)
