"""A source transaction becomes a posting: accounts, contacts and bills are looked up, amounts made
cents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import define, field

from ledgerhq_ext import (
    Accounts,
    BillPayment,
    Bills,
    Contacts,
    Deposit,
    InputError,
    JournalEntry,
    JournalLine,
    Organization,
    Posting,
    PostingLine,
    Purchase,
    TaxRates,
    Transfer,
    to_cents,
)
from ledgerhq_ext._amounts import cents_of
from ledgerhq_ext.cli.files.dates import day_of
from ledgerhq_ext.cli.files.mapping import Mapping as FileMapping
from ledgerhq_ext.cli.files.transactions import SourceLine, SourceTransaction

if TYPE_CHECKING:
    from ledgerhq_ext import Account, Bill, Contact, OrganizationRecord, TaxRate

T = TypeVar("T")

_ERRORS = 1_000
"""How many texts that stand for nothing are remembered."""
_SYMBOLS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
}
"""The currencies that a symbol of a journal may mean: the company's own decides."""


@define
class Memory(Generic[T]):
    """What texts of a file stand for, each looked up once; also those that stand for nothing."""

    values: dict[str, T] = field(factory=dict)
    _errors: dict[str, InputError] = field(factory=dict, init=False)

    def value(self, text: str, find: Callable[[str], T]) -> T:
        """Return what a text stands for, by ``find`` the first time. Raises its ``InputError``."""
        if text in self.values:
            return self.values[text]
        if text in self._errors:
            # Without the traceback of the last time, which would grow with every row.
            raise self._errors[text].with_traceback(None)
        try:
            self.values[text] = find(text)
        except InputError as error:
            if len(self._errors) >= _ERRORS:
                self._errors.clear()
            self._errors[text] = error
            raise
        return self.values[text]


@define
class Company:
    """A client company, with what its postings refer to, each read once."""

    record: OrganizationRecord
    books: Organization
    _accounts: Accounts | None = field(default=None, init=False)
    _contacts: Contacts | None = field(default=None, init=False)
    _bills: Bills | None = field(default=None, init=False)
    _names: Memory[Contact] = field(factory=Memory, init=False)
    _numbers: Memory[Bill] = field(factory=Memory, init=False)
    _tax_rates: TaxRates | None = field(default=None, init=False)

    @property
    def currency(self) -> str:
        """The currency of the books."""
        return self.record.default_currency

    def account(self, text: str) -> Account:
        """Return an account by its code or id. Raises ``InputError``."""
        if self._accounts is None:
            self._accounts = self.books.accounts()
        return self._accounts.by_code_or_id(text)

    def contact(self, name: str) -> Contact:
        """Return a contact by its name. Raises ``InputError``."""
        return self._names.value(name, self._find_contact)

    def _find_contact(self, name: str) -> Contact:
        if self._contacts is None:
            self._contacts = Contacts(self.books.contacts())
        return self._contacts.by_name(name)

    def bill(self, number: str) -> Bill:
        """Return a bill by its number. Raises ``InputError``."""
        return self._numbers.value(number, self._find_bill)

    def _find_bill(self, number: str) -> Bill:
        if self._bills is None:
            self._bills = Bills(self.books.bills())
        return self._bills.by_number(number)

    def tax_rate(self, name: str) -> TaxRate:
        """Return a tax rate by its name. Raises ``InputError``."""
        if self._tax_rates is None:
            self._tax_rates = self.books.tax_rates()
        return self._tax_rates.by_name(name)


def posting_of(transaction: SourceTransaction, company: Company, mapping: FileMapping) -> Posting:
    """Return the posting of a source transaction.

    Raises ``InputError`` that says why there is none: a field that is missing, an account that the
    company does not have, an amount that is not one, lines that do not balance.
    """
    _check_unit(transaction, company)
    _check_lines(transaction)
    return _MAKERS[transaction.kind](_Fields(transaction, company, mapping))


def _check_unit(transaction: SourceTransaction, company: Company) -> None:
    unit = transaction.unit
    currency = company.currency
    # Some programs write "usd".
    if not unit or unit.upper() == currency or currency in _SYMBOLS.get(unit, ()):
        return
    message = f"it is in {unit!r}, but the books of {company.record.name} are in {currency}."
    try:
        # Known for a currency alone.
        to_cents("0", unit.upper())
    except InputError:
        advice = "Set the currency of a commodity under [commodities] in the mapping file."
    else:
        advice = "Convert its amounts first."
    raise InputError(f"{message} {advice}")


def _check_lines(transaction: SourceTransaction) -> None:
    """Raise ``InputError`` for what would change the sums of a line, and the kind cannot take."""
    kind = transaction.kind
    may_have_tax = kind in ("purchase", "deposit")
    may_have_sides = kind == "journal_entry"
    for line in transaction.lines:
        has_sides = line.debit != "" or line.credit != ""
        if line.tax_rate and not may_have_tax:
            raise InputError(f"a {kind} has no tax rate. Leave its tax_rate empty.")
        if has_sides and not may_have_sides:
            raise InputError(f"a {kind} has an amount, and no debit or credit.")


@define
class _Fields:
    """The fields of a transaction, looked up when they are asked for."""

    transaction: SourceTransaction
    company: Company
    mapping: FileMapping

    @property
    def values(self) -> Mapping[str, str]:
        """The fields that the file has for the whole transaction, by their names."""
        return self.transaction.values

    @property
    def day(self) -> dt.date:
        """The day of the transaction."""
        return day_of(self.text("date"), self.mapping.date)

    @property
    def only_line(self) -> SourceLine:
        """The line of a transaction that has one."""
        lines = self.transaction.lines
        if len(lines) != 1:
            raise InputError(f"a {self.transaction.kind} has one line, not {len(lines)}.")
        return lines[0]

    def text(self, name: str) -> str:
        """Return a field that must be there."""
        if not self.values.get(name):
            raise InputError(
                f"a {self.transaction.kind} requires {name}, but the column "
                f"{self.mapping.column(name)!r} is missing or empty."
            )
        return self.values[name]

    def optional(self, name: str) -> str | None:
        """Return a field, or None where it is empty."""
        return self.values.get(name)

    def account(self, text: str) -> Account:
        """Return the account that a text of the file stands for."""
        if not text:
            raise InputError(f"the column {self.mapping.column('account')!r} is missing or empty.")
        return self.company.account(self.mapping.accounts.get(text, text))

    def named_account(self, name: str) -> Account:
        """Return the account in a field."""
        return self.account(self.text(name))

    def contact(self) -> Contact | None:
        """Return the contact, or None where the file names none."""
        name = self.optional("contact")
        return None if name is None else self.company.contact(name)

    def tax_rate(self, line: SourceLine) -> TaxRate | None:
        """Return the tax rate of a line, or None where it names none."""
        return self.company.tax_rate(line.tax_rate) if line.tax_rate else None

    def posting_lines(self) -> list[PostingLine]:
        """Return the lines of a purchase or a deposit, which are alike."""
        lines: list[PostingLine] = []
        for line in self.transaction.lines:
            posting_line = PostingLine(
                account_id=self.account(line.account),
                amount=self.cents(line.amount),
                description=line.description or None,
                tax_rate_id=self.tax_rate(line),
            )
            lines.append(posting_line)
        return lines

    def cents(self, amount: str | Decimal) -> int:
        """Return the cents of an amount."""
        if amount == "":
            raise InputError(f"the column {self.mapping.column('amount')!r} is missing or empty.")
        currency = self.company.currency
        # Somebody who has named the decimal mark of a file has said what "1.500" means there.
        if isinstance(amount, str) and not self.mapping.decimal:
            return cents_of(amount, currency)
        return to_cents(amount, currency)


def _purchase(fields: _Fields) -> Posting:
    return Purchase(
        txn_date=fields.day,
        payee_name=fields.text("payee"),
        source_account_id=fields.named_account("bank"),
        contact_id=fields.contact(),
        memo=fields.optional("memo"),
        lines=fields.posting_lines(),
    )


def _deposit(fields: _Fields) -> Posting:
    return Deposit(
        txn_date=fields.day,
        destination_account_id=fields.named_account("bank"),
        payer_name=fields.optional("payee"),
        contact_id=fields.contact(),
        memo=fields.optional("memo"),
        lines=fields.posting_lines(),
    )


def _transfer(fields: _Fields) -> Posting:
    return Transfer(
        txn_date=fields.day,
        from_account_id=fields.named_account("from"),
        to_account_id=fields.named_account("to"),
        amount=fields.cents(fields.only_line.amount),
        memo=fields.optional("memo"),
    )


def _bill_payment(fields: _Fields) -> Posting:
    return BillPayment(
        txn_date=fields.day,
        bill_id=fields.company.bill(fields.text("bill")),
        source_account_id=fields.named_account("bank"),
        amount=fields.cents(fields.only_line.amount),
        memo=fields.optional("memo"),
    )


def _journal_entry(fields: _Fields) -> Posting:
    return JournalEntry(
        txn_date=fields.day,
        memo=fields.optional("memo"),
        reference=fields.optional("reference"),
        lines=[_journal_line(fields, line) for line in fields.transaction.lines],
    )


def _journal_line(fields: _Fields, line: SourceLine) -> JournalLine:
    """Return a line of a journal entry: by an amount with its sign, or by a side of its own."""
    account = fields.account(line.account)
    description = line.description or None
    has_side = line.debit != "" or line.credit != ""
    if line.amount != "":
        if has_side:
            raise InputError("a line must have either an amount, or a debit or a credit.")
        return JournalLine.of(account, fields.cents(line.amount), description=description)

    debit = fields.cents(line.debit) if line.debit != "" else 0
    credit = fields.cents(line.credit) if line.credit != "" else 0
    return JournalLine(
        account_id=account, debit_amount=debit, credit_amount=credit, description=description
    )


_MAKERS: dict[str, Callable[[_Fields], Posting]] = {
    "purchase": _purchase,
    "deposit": _deposit,
    "transfer": _transfer,
    "bill_payment": _bill_payment,
    "journal_entry": _journal_entry,
}
