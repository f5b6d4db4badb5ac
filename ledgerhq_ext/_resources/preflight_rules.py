"""The rules of preflight: what would be refused of a posting, and what is odd about it.

A problem is what the contract rules out. Where it says nothing, or uses a word that is not known
here, the finding is a warning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from attrs import define, field

from ledgerhq_ext import models
from ledgerhq_ext._filters import OPEN_BILLS
from ledgerhq_ext._resources.posting import letters
from ledgerhq_ext._resources.preflight_records import Finding, Records
from ledgerhq_ext.postings import (
    BillPayment,
    Deposit,
    JournalEntry,
    Posting,
    PostingLine,
    Purchase,
    Transfer,
)

LARGE = 10**10
"""Minor units (cents, whole yen) above which an amount is odd."""

_EARLIEST = dt.date(1990, 1, 1)
_YEAR = dt.timedelta(days=366)
_NOT_PAYABLE = ("draft", "paid", "void")

_BALANCE_SHEET = ("asset", "liability", "equity")
_RESULT = ("revenue", "expense")
_TYPES = (*_BALANCE_SHEET, *_RESULT)
# Words of `subType`. The contract leaves them open, so a word that is not here proves nothing.
_CONTROL = ("accounts_receivable", "receivable", "accounts_payable", "payable")
_CLEARING = ("clearing",)
_MONEY = ("bank", "cash", "checking", "savings")
_NOT_SPENT_FROM = (*_CONTROL, *_CLEARING, "fixed_asset", "inventory")
_NOT_DEPOSITED_TO = (*_CONTROL, "credit_card", "loan", "tax")


@define(kw_only=True)
class Rules:
    """The rules, applied to one posting after the other."""

    records: Records
    today: dt.date
    problems: list[Finding] = field(factory=list)
    warnings: list[Finding] = field(factory=list)

    position: int = 0
    paid: dict[str, int] = field(factory=dict)
    """The cents that earlier postings of this check pay, by bill."""

    def apply(self, position: int, posting: Posting) -> None:
        """Add the findings about a posting, which is the one at a position."""
        self.position = position
        self._check_day(posting.txn_date)
        if isinstance(posting, Purchase):
            self._check_purchase(posting)
        elif isinstance(posting, Deposit):
            self._check_deposit(posting)
        elif isinstance(posting, Transfer):
            self._check_transfer(posting)
        elif isinstance(posting, BillPayment):
            self._check_bill_payment(posting)
        else:
            self._check_journal_entry(posting)

    def _problem(self, place: str, message: str) -> None:
        self.problems.append(Finding(self.position, place, message))

    def _warning(self, place: str, message: str) -> None:
        self.warnings.append(Finding(self.position, place, message))

    def _missing(self, place: str, noun: str, id: str, listing: str) -> None:
        self._problem(
            place, f"the company has no {noun} {id!r}; books.{listing}() lists the existing ones."
        )

    # --- the five requests

    def _check_purchase(self, purchase: Purchase) -> None:
        self._check_source(purchase.source_account_id)
        self._check_lines(purchase.lines, purchase.source_account_id, "purchase")
        self._check_contact(purchase.contact_id)
        self._check_currency(purchase.currency_code)

    def _check_deposit(self, deposit: Deposit) -> None:
        self._check_destination(deposit.destination_account_id)
        self._check_lines(deposit.lines, deposit.destination_account_id, "sales")
        self._check_contact(deposit.contact_id)
        self._check_currency(deposit.currency_code)

    def _check_transfer(self, transfer: Transfer) -> None:
        self._check_end("from_account_id", transfer.from_account_id)
        self._check_end("to_account_id", transfer.to_account_id)
        self._check_amount("amount", transfer.amount)

    def _check_bill_payment(self, payment: BillPayment) -> None:
        self._check_source(payment.source_account_id)
        self._check_amount("amount", payment.amount)
        if self.records.bills is None:
            return
        bill = self.records.bills.get(payment.bill_id)
        if bill is None:
            self._missing("bill_id", "bill", payment.bill_id, "bills")
            return
        self._check_bill(bill)
        self._check_due(bill, payment.amount)

    def _check_journal_entry(self, entry: JournalEntry) -> None:
        sides: dict[str, bool] = {}
        for at, line in enumerate(entry.lines):
            place = f"lines[{at}].account_id"
            self._account(place, line.account_id)
            is_debit = line.debit_amount > 0
            if sides.setdefault(line.account_id, is_debit) != is_debit:
                self._warning(place, "the entry debits and credits the same account.")
        self._check_amount("lines", sum(line.debit_amount for line in entry.lines))

    # --- accounts

    def _account(self, place: str, account_id: str) -> models.Account | None:
        """Return an account that can be posted to; None where there is none, which is a problem."""
        account = self.records.accounts.get(account_id)
        if account is None:
            self._check_missing(place, account_id)
            return None
        if not account.is_active:
            self._problem(place, f"account {_name(account)} is not active.")
        currency = self.records.currency
        if currency is not None and account.currency_code != currency:
            self._problem(
                place,
                f"account {_name(account)} is in {account.currency_code}, but the books are in "
                f"{currency}: this requires an exchange rate, which no route provides.",
            )
        if _is_one_of(account, _CONTROL):
            self._warning(
                place,
                f"account {_name(account)} is the control account for invoices or bills; "
                "posting to it does not settle any of them.",
            )
        return account

    def _check_missing(self, place: str, account_id: str) -> None:
        bank_account = (self.records.bank_accounts or {}).get(account_id)
        if bank_account is None:
            self._missing(place, "account", account_id, "accounts")
            return
        self._problem(
            place,
            f"{account_id!r} is the bank account {bank_account.account_name!r}; pass its record, "
            "or its chart_account_id.",
        )

    def _check_source(self, account_id: str) -> None:
        """Check the account that money is spent from: bank, cash, credit card or liability."""
        account = self._account("source_account_id", account_id)
        if account is None:
            return
        if account.type == "liability" or self._is_money(account):
            return
        allowed = "a bank, cash, credit card or liability account"
        self._refuse_kind("source_account_id", account, allowed, _NOT_SPENT_FROM)

    def _check_destination(self, account_id: str) -> None:
        """Check the account that money goes to: bank, cash, asset or clearing."""
        account = self._account("destination_account_id", account_id)
        if account is None:
            return
        if account.type == "asset" or self._is_money(account):
            return
        if _is_one_of(account, _CLEARING):
            return
        allowed = "a bank, cash, asset or clearing account"
        self._refuse_kind("destination_account_id", account, allowed, _NOT_DEPOSITED_TO)

    def _refuse_kind(
        self, place: str, account: models.Account, allowed: str, other_words: Sequence[str]
    ) -> None:
        """Add that an account is not of the kind that its place allows, or that nothing says so."""
        # Any asset or liability may belong to a bank account, which only the bank accounts say.
        is_other = self.records.bank_accounts is not None and _is_one_of(account, other_words)
        if is_other or account.type in ("equity", *_RESULT):
            self._problem(place, f"account {_name(account)} is {_kind(account)}, not {allowed}.")
        else:
            self._warning(
                place,
                f"it is not certain that account {_name(account)} is {allowed}: it is "
                f"{_kind(account)}.",
            )

    def _check_end(self, place: str, account_id: str) -> None:
        """Check an end of a transfer: a balance-sheet account."""
        account = self._account(place, account_id)
        if account is not None and account.type not in _BALANCE_SHEET:
            self._refuse_kind(place, account, "a balance-sheet account", ())

    def _is_money(self, account: models.Account) -> bool:
        """Return True for the account of a bank account, and for one of cash."""
        bank_accounts = (self.records.bank_accounts or {}).values()
        if any(each.chart_account_id == account.id for each in bank_accounts):
            return True
        return account.type == "asset" and _is_one_of(account, _MONEY)

    # --- the rest

    def _check_day(self, day: dt.date) -> None:
        if day < _EARLIEST:
            self._warning("txn_date", f"{day} is far in the past.")
        elif day > self.today + _YEAR:
            self._warning("txn_date", f"{day} is more than a year in the future.")

    def _check_lines(
        self, lines: Sequence[PostingLine], other_account_id: str, tax_type: str
    ) -> None:
        for at, line in enumerate(lines):
            place = f"lines[{at}].account_id"
            self._account(place, line.account_id)
            if line.account_id == other_account_id:
                self._warning(place, "this account is also on the other side of the entry.")
            self._check_tax_rate(f"lines[{at}].tax_rate_id", line.tax_rate_id, tax_type)
        self._check_amount("lines", sum(line.amount for line in lines))

    def _check_tax_rate(self, place: str, tax_rate_id: str | None, tax_type: str) -> None:
        if tax_rate_id is None or self.records.tax_rates is None:
            return
        rate = self.records.tax_rates.get(tax_rate_id)
        if rate is None:
            self._missing(place, "tax rate", tax_rate_id, "tax_rates")
            return

        if not rate.is_active:
            self._warning(place, f"tax rate {rate.name!r} is not active.")
        if rate.type not in (tax_type, "both"):
            self._warning(place, f"tax rate {rate.name!r} is for {rate.type}, not for {tax_type}.")

    def _check_contact(self, contact_id: str | None) -> None:
        if contact_id is None or self.records.contacts is None:
            return
        if contact_id not in self.records.contacts:
            self._missing("contact_id", "contact", contact_id, "contacts")

    def _check_currency(self, currency: str | None) -> None:
        own = self.records.currency
        if own is not None and currency not in (None, own):
            self._problem(
                "currency_code",
                f"the posting is in {currency}, but the books are in {own}: this requires an "
                "exchange rate, which no route provides.",
            )

    def _check_amount(self, place: str, amount: int) -> None:
        if amount > LARGE:
            self._warning(place, f"{amount} minor units is a very large amount.")

    def _check_bill(self, bill: models.Bill) -> None:
        if bill.status in _NOT_PAYABLE:
            self._problem(
                "bill_id", f"bill {bill.bill_number} cannot be paid: its status is {bill.status}."
            )
        elif bill.status not in OPEN_BILLS:
            self._warning(
                "bill_id",
                f"it is not certain that bill {bill.bill_number} can be paid: its status is "
                f"{bill.status}.",
            )
        currency = self.records.currency
        if currency is not None and bill.currency_code != currency:
            self._warning(
                "bill_id",
                f"bill {bill.bill_number} is in {bill.currency_code}, but the books are in "
                f"{currency}.",
            )

    def _check_due(self, bill: models.Bill, amount: int) -> None:
        # Each payment alone may fit, and all of them together be too much.
        earlier = self.paid.get(bill.id, 0)
        self.paid[bill.id] = earlier + amount
        due = bill.amount_due - earlier
        if amount > due:
            after = f", less {earlier} paid by earlier postings in this check" if earlier else ""
            self._problem(
                "amount",
                f"{amount} is more than the {bill.amount_due} minor units due on bill "
                f"{bill.bill_number}{after}.",
            )


def _name(account: models.Account) -> str:
    return f"{account.code} {account.name}"


def _kind(account: models.Account) -> str:
    kind = account.type
    if kind not in _TYPES:
        kind = f"of type {account.type!r}, which this release does not know"
    return f"{kind} ({account.sub_type})" if account.sub_type else kind


def _is_one_of(account: models.Account, words: Sequence[str]) -> bool:
    """Return True when the account's sub-type is one of the words, however it is spelled."""
    sub_type = letters(account.sub_type or "")
    return any(sub_type == letters(word) for word in words)
