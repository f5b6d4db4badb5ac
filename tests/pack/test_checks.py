"""The checks of a management pack: each of them fails when what it compares is changed."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable, Iterator

import pytest
from attrs import evolve

from ledgerhq_ext import Check, JournalEntry, JournalLine, LedgerHQ, Organization, render
from ledgerhq_ext.models import FinancialPacket
from ledgerhq_ext.pack import ManagementPack, read_pack
from ledgerhq_ext.pack._checks import (
    BANK_BOOKS,
    BANK_SERVICE,
    CASH,
    EARNINGS,
    GROUPS_NET,
    MONTHS,
    OTHERS,
    PAYABLES,
    pack_checks,
)
from ledgerhq_ext.reports import packet_checks
from ledgerhq_ext.reports.packet_checks import Examination
from ledgerhq_ext.sandbox import Sandbox

RULES = {GROUPS_NET, OTHERS, CASH, EARNINGS, MONTHS, PAYABLES, BANK_BOOKS, BANK_SERVICE}


@pytest.fixture(scope="module")
def pack() -> Iterator[ManagementPack]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        yield read_pack(hq.organization(hq.company("Maple Street Coffee")), "2026-06")


def verdicts(pack: ManagementPack) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for check in pack_checks(pack):
        found.setdefault(check.rule, set()).add(check.verdict)
    return found


def differing(pack: ManagementPack) -> set[str]:
    return {rule for rule, all_verdicts in verdicts(pack).items() if "differs" in all_verdicts}


def test_all_of_them_tie(pack: ManagementPack) -> None:
    assert verdicts(pack) == {rule: {"ties"} for rule in RULES}


def with_net_income(packet: FinancialPacket, more: int) -> FinancialPacket:
    result = packet.profit_and_loss
    return evolve(packet, profit_and_loss=evolve(result, net_income=result.net_income + more))


def with_asset(packet: FinancialPacket, code: str, more: int) -> FinancialPacket:
    sheet = packet.balance_sheet
    lines = tuple(
        evolve(line, balance=line.balance + more) if line.account_code == code else line
        for line in sheet.assets.accounts
    )
    assets = evolve(sheet.assets, accounts=lines)
    return evolve(packet, balance_sheet=evolve(sheet, assets=assets))


def change_net_income(pack: ManagementPack) -> ManagementPack:
    return evolve(pack, packet=with_net_income(pack.packet, 1))


def change_prior_net_income(pack: ManagementPack) -> ManagementPack:
    return evolve(pack, prior=with_net_income(pack.prior, 1))


def change_cash(pack: ManagementPack) -> ManagementPack:
    return evolve(pack, packet=with_asset(pack.packet, "1010", 1))


def change_opening_inventory(pack: ManagementPack) -> ManagementPack:
    return evolve(pack, prior=with_asset(pack.prior, "1500", 1))


def change_a_month(pack: ManagementPack) -> ManagementPack:
    month = pack.months[-2]
    result = evolve(month.profit_and_loss, total_revenue=month.profit_and_loss.total_revenue + 1)
    months = (*pack.months[:-2], evolve(month, profit_and_loss=result), pack.months[-1])
    return evolve(pack, months=months)


def change_a_month_of_the_last_year(pack: ManagementPack) -> ManagementPack:
    month = pack.months[0]
    result = evolve(month.profit_and_loss, total_expenses=month.profit_and_loss.total_expenses + 1)
    return evolve(pack, months=(evolve(month, profit_and_loss=result), *pack.months[1:]))


def change_the_prior_years_cash(pack: ManagementPack) -> ManagementPack:
    return evolve(pack, prior_year=with_asset(pack.prior_year, "1010", 1))


def change_a_total_of_the_day(pack: ManagementPack) -> ManagementPack:
    trial = pack.trial_balance
    return evolve(pack, trial_balance=evolve(trial, total_debits=trial.total_debits + 1))


def change_a_bill(pack: ManagementPack) -> ManagementPack:
    [*others, last] = [bill for bill in pack.bills if bill.status == "received"]
    return evolve(pack, bills=(*others, evolve(last, amount_due=last.amount_due + 1)))


def drop_a_row(pack: ManagementPack) -> ManagementPack:
    index = next(at for at, row in enumerate(pack.bank_rows) if not row.journal_entry_id)
    return evolve(pack, bank_rows=pack.bank_rows[:index] + pack.bank_rows[index + 1 :])


def drop_an_entry(pack: ManagementPack) -> ManagementPack:
    items = [item for each in pack.bank_reconciliations() for item in each.items]
    id = next(item.id for item in items if item.side == "books")
    return evolve(pack, entries=tuple(entry for entry in pack.entries if entry.id != id))


def change_the_banks_balance(pack: ManagementPack) -> ManagementPack:
    status = pack.packet.bank_reconciliation_status
    first, *others = status.accounts
    accounts = (evolve(first, balance=first.balance + 1), *others)
    changed = evolve(status, accounts=accounts)
    return evolve(pack, packet=evolve(pack.packet, bank_reconciliation_status=changed))


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        # An income that no account explains: neither groups nor earnings tie.
        (change_net_income, {GROUPS_NET, EARNINGS}),
        (change_prior_net_income, {GROUPS_NET, OTHERS}),
        (change_cash, {CASH}),
        (change_opening_inventory, {CASH, OTHERS}),
        (change_the_prior_years_cash, {OTHERS}),
        (change_a_total_of_the_day, {OTHERS}),
        (change_a_month, {MONTHS, OTHERS}),
        (change_a_month_of_the_last_year, {OTHERS}),
        (change_a_bill, {PAYABLES}),
        (drop_a_row, {BANK_BOOKS}),
        (drop_an_entry, {BANK_BOOKS}),
        (change_the_banks_balance, {BANK_BOOKS, BANK_SERVICE}),
    ],
)
def test_a_change_is_found(
    pack: ManagementPack,
    change: Callable[[ManagementPack], ManagementPack],
    rules: set[str],
) -> None:
    assert differing(change(pack)) == rules


def with_earnings_id(packet: FinancialPacket, id: str) -> FinancialPacket:
    sheet = packet.balance_sheet
    lines = tuple(
        evolve(line, account_id=id) if line.account_name == "Current Year Earnings" else line
        for line in sheet.equity.accounts
    )
    equity = evolve(sheet.equity, accounts=lines)
    return evolve(packet, balance_sheet=evolve(sheet, equity=equity))


@pytest.mark.parametrize("id", ["", "current-year-earnings"])
def test_earnings_of_the_year_are_no_account_whatever_id_they_have(
    pack: ManagementPack, id: str
) -> None:
    """The contract does not say that the line has none."""
    packet = with_earnings_id(pack.packet, id)
    other = evolve(pack, packet=packet, prior=with_earnings_id(pack.prior, id))
    assert verdicts(other) == {rule: {"ties"} for rule in RULES}
    assert other.cash_flow() == pack.cash_flow()


def test_bills_in_another_currency_are_not_added_up(pack: ManagementPack) -> None:
    [first, *others] = [bill for bill in pack.bills if bill.status == "received"]
    foreign = evolve(pack, bills=(*others, evolve(first, currency_code="EUR")))
    [check] = [check for check in pack_checks(foreign) if check.rule == PAYABLES]
    assert check.verdict == "not checkable"
    assert "EUR" in check.reason


@pytest.mark.parametrize(
    ("rule", "sub_types"),
    [(CASH, {"bank", "cash"}), (PAYABLES, {"accounts_payable"})],
)
def test_nothing_against_nothing_is_no_tick(
    pack: ManagementPack, rule: str, sub_types: set[str]
) -> None:
    # A chart need not have sub-types: then no account is known to be one of these.
    accounts = tuple(
        evolve(account, sub_type=None) if account.sub_type in sub_types else account
        for account in pack.accounts
    )
    unmarked = evolve(pack, accounts=accounts, bills=())
    assert verdicts(unmarked)[rule] == {"not checkable"}


def test_an_account_in_two_lines_of_the_trial_balance_is_one_balance(pack: ManagementPack) -> None:
    trial = pack.trial_balance
    lines = list(trial.accounts)
    [place] = [place for place, line in enumerate(lines) if line.code == "1010"]
    line = lines.pop(place)
    part = evolve(line, debit_balance=100)
    rest = evolve(line, debit_balance=line.debit_balance - 100)
    split = evolve(pack, trial_balance=evolve(trial, accounts=(*lines, rest, part)))
    assert split.bank_reconciliations() == pack.bank_reconciliations()


def test_a_bank_account_without_books_is_not_checkable(pack: ManagementPack) -> None:
    first, *others = pack.bank_accounts
    unlinked = evolve(pack, bank_accounts=(evolve(first, chart_account_id=None), *others))
    assert verdicts(unlinked)[BANK_BOOKS] == {"ties", "not checkable"}
    missing = evolve(pack, bank_accounts=tuple(others))
    assert verdicts(missing)[BANK_SERVICE] == {"ties", "not checkable"}


def test_bank_accounts_of_one_account_of_the_books_are_not_checkable(pack: ManagementPack) -> None:
    """As cards of one liability: the books have one balance for all of them."""
    first, second, *others = pack.bank_accounts
    shared = (first, evolve(second, chart_account_id=first.chart_account_id), *others)
    changed = evolve(pack, bank_accounts=shared)
    assert verdicts(changed)[BANK_BOOKS] == {"ties", "not checkable"}
    gaps = {each.bank_account_id: each.gap for each in changed.bank_reconciliations()}
    assert all("shares its account" in gaps[account.id] for account in (first, second))


def test_rows_after_the_day_make_a_bank_account_not_checkable(pack: ManagementPack) -> None:
    place = next(at for at, row in enumerate(pack.bank_rows) if row.journal_entry_id)
    row = pack.bank_rows[place]
    later = evolve(row, date=pack.day + dt.timedelta(days=1))
    rows = (*pack.bank_rows[:place], later, *pack.bank_rows[place + 1 :])
    assert verdicts(evolve(pack, bank_rows=rows))[BANK_BOOKS] == {"ties", "not checkable"}
    excluded = evolve(later, id="excluded", status="excluded")
    assert verdicts(evolve(pack, bank_rows=(*pack.bank_rows, excluded)))[BANK_BOOKS] == {"ties"}


def test_entries_after_the_day_are_not_in_the_books_yet(pack: ManagementPack) -> None:
    # The bank has the row of the one already; nobody but the books knows of the other one.
    row = next(row for row in pack.bank_rows if row.journal_entry_id)
    [account] = [one for one in pack.bank_accounts if one.id == row.bank_account_id]
    [entry] = [entry for entry in pack.entries if entry.id == row.journal_entry_id]
    later = evolve(entry, date=pack.day + dt.timedelta(days=1))
    others = tuple(one for one in pack.entries if one is not entry)
    trial = []
    for line in pack.trial_balance.accounts:
        if line.account_id == account.chart_account_id:
            trial.append(evolve(line, debit_balance=line.debit_balance - row.amount))
        else:
            trial.append(line)
    books = evolve(pack.trial_balance, accounts=tuple(trial))
    alone = evolve(later, id="alone")
    shown = evolve(pack, entries=(*others, later, alone), trial_balance=books)
    assert verdicts(shown)[BANK_BOOKS] == {"ties"}
    [bank] = [one for one in shown.bank_reconciliations() if one.bank_account_id == account.id]
    assert row.id in {item.id for item in bank.items if item.side == "bank"}


def post_to_earnings(books: Organization, amount: int) -> None:
    accounts = books.accounts()
    lines = [
        JournalLine.of(accounts.by_code("1010"), amount),
        JournalLine.of(accounts.by_code("3200"), -amount),
    ]
    entry = JournalEntry(txn_date="2026-06-15", memo="Correction of 2025", lines=lines)
    books.post(entry, source=("close", "2025-correction"))


def test_what_is_booked_to_earnings_directly_is_a_line(ledgerhq_books: Organization) -> None:
    post_to_earnings(ledgerhq_books, 4_200)
    pack = read_pack(ledgerhq_books, "2026-06")
    flow = pack.cash_flow()
    [line] = [line for line in flow.lines if line.name.startswith("Retained earnings")]
    assert line.amount == 4_200
    assert verdicts(pack)[EARNINGS] == {"ties"}
    assert verdicts(pack)[CASH] == {"ties"}

    # Without a ledger nothing says whether it was booked at all.
    book = evolve(pack.packet.general_ledger, truncated=True)
    cut = evolve(pack, packet=evolve(pack.packet, general_ledger=book))
    assert verdicts(cut)[EARNINGS] == {"not checkable"}


def test_a_pack_and_its_packet_are_examined_once(
    pack: ManagementPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever asks for the checks: problems, documents, the command line."""
    examined: list[FinancialPacket] = []
    checked: list[ManagementPack] = []

    def examine(packet: FinancialPacket) -> Examination:
        examined.append(packet)
        return packet_checks.examine(packet)

    def own_checks(pack: ManagementPack) -> Iterator[Check]:
        checked.append(pack)
        return pack_checks(pack)

    monkeypatch.setattr("ledgerhq_ext.reports.packet.examine", examine)
    monkeypatch.setattr("ledgerhq_ext.pack._pack.pack_checks", own_checks)
    new = ManagementPack.from_json(pack.to_json())
    new.checks()
    new.problems()
    render.html(new)
    render.xlsx(new.packet)
    assert new.packet.checks() == pack.packet.checks()
    assert [packet for packet in examined if packet is new.packet] == [new.packet]
    assert checked == [new]


def test_a_packet_that_was_examined_is_the_same_record(pack: ManagementPack) -> None:
    new = FinancialPacket.from_json(pack.packet.to_json())
    pack.packet.checks()
    assert new == pack.packet
    assert hash(new) == hash(pack.packet)
    assert pickle.loads(pickle.dumps(pack.packet)) == new
    changed = evolve(pack.packet, amount_unit="florins")
    assert "florins" in str(changed.problems()[0])
