"""The five posting requests, and allocations of bank rows, checked on creation.

Amounts are ``int`` cents; dates are ``datetime.date`` or ``YYYY-MM-DD``.

Every class raises ``InputError`` for what the service would refuse anyway, before anything is sent.
Values are immutable; ``resource`` is the contract's name for what they create.

``extra`` is sent unchanged, under wire names. Use it for fields that the service accepts and this
version does not know.

Wherever an id is expected, you can pass the record instead: ``bill_id=bill``,
``source_account_id=accounts.by_code("1010")``, or a bank account for its ledger account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, cast

from attrs import field, fields, frozen
from attrs.validators import optional

from ledgerhq_ext import _checks as checks
from ledgerhq_ext import _references as references
from ledgerhq_ext._wire import EXACT
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import LIMIT, Cents, check_cents

if TYPE_CHECKING:
    from attrs import Attribute

Item = TypeVar("Item")


def _tuple(items: Iterable[Item]) -> tuple[Item, ...]:
    if isinstance(items, str | bytes) or not isinstance(items, Iterable):
        raise InputError(f"lines must be a list, not {items!r}.")
    return tuple(items)


@frozen(kw_only=True)
class PostingLine(references.Referring):
    """One line of a purchase or deposit. ``amount`` is in cents, greater than zero."""

    account_id: str = field(converter=references.to_account_id, validator=references.ACCOUNT.check)
    amount: Cents = field(validator=checks.positive_cents)
    description: str | None = checks.optional_text_field()
    tax_rate_id: str | None = field(
        default=None,
        converter=references.optional_tax_rate_id,
        validator=references.TAX_RATE.check,
        metadata=EXACT,
    )
    extra: Mapping[str, Any] = checks.extra_field()


# Type checkers take a parameter's type from its converter, and do not solve a generic one.
def _posting_lines(lines: Iterable[PostingLine]) -> tuple[PostingLine, ...]:
    return _tuple(lines)


PurchaseLine = PostingLine
DepositLine = PostingLine


def _check_lines(lines: tuple[object, ...], kind: type, least: int = 1) -> None:
    """Raise ``InputError`` for too few lines, or for one of another class."""
    if len(lines) < least:
        raise InputError(f"lines must contain at least {least}, not {len(lines)}.")

    # Said here, with its place: later it would be an attribute that is missing somewhere.
    for at, line in enumerate(lines):
        if not isinstance(line, kind):
            raise InputError(f"lines[{at}] must be a {kind.__name__}, not {line!r}.")


def _check_amounts(lines: tuple[PostingLine, ...]) -> None:
    _check_lines(lines, PostingLine)
    # Each may be within the limit, and the sum above it.
    check_cents(sum(line.amount for line in lines), "the sum of the lines")


@frozen(kw_only=True)
class Purchase(references.Referring):
    """Money spent from a bank, cash, credit card or liability account.

    Route: ``POST /api/v1/purchases``.
    """

    resource: ClassVar[str] = "purchase"

    txn_date: dt.date = field(converter=checks.to_date)
    payee_name: str = field(converter=checks.to_text, validator=checks.some_text)
    source_account_id: str = field(
        converter=references.to_account_id, validator=references.ACCOUNT.check
    )
    lines: tuple[PostingLine, ...] = field(converter=_posting_lines)
    memo: str | None = checks.optional_text_field()
    contact_id: str | None = field(
        default=None,
        converter=references.optional_contact_id,
        validator=references.CONTACT.check,
        metadata=EXACT,
    )
    currency_code: str | None = field(
        default=None, validator=optional(checks.currency_code), metadata=EXACT
    )
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        _check_amounts(self.lines)


@frozen(kw_only=True)
class Deposit(references.Referring):
    """Money received into a bank, cash, asset or clearing account (``POST /api/v1/deposits``)."""

    resource: ClassVar[str] = "deposit"

    txn_date: dt.date = field(converter=checks.to_date)
    destination_account_id: str = field(
        converter=references.to_account_id,
        validator=references.ACCOUNT.check,
    )
    lines: tuple[PostingLine, ...] = field(converter=_posting_lines)
    payer_name: str | None = checks.optional_text_field()
    memo: str | None = checks.optional_text_field()
    contact_id: str | None = field(
        default=None,
        converter=references.optional_contact_id,
        validator=references.CONTACT.check,
        metadata=EXACT,
    )
    currency_code: str | None = field(
        default=None, validator=optional(checks.currency_code), metadata=EXACT
    )
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        _check_amounts(self.lines)


@frozen(kw_only=True)
class Transfer(references.Referring):
    """Money moved between two balance-sheet accounts; ``amount`` in cents.

    Route: ``POST /api/v1/transfers``.
    """

    resource: ClassVar[str] = "transfer"

    txn_date: dt.date = field(converter=checks.to_date)
    from_account_id: str = field(
        converter=references.to_account_id, validator=references.ACCOUNT.check
    )
    to_account_id: str = field(
        converter=references.to_account_id, validator=references.ACCOUNT.check
    )
    amount: Cents = field(validator=checks.positive_cents)
    memo: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        if self.from_account_id == self.to_account_id:
            raise InputError("A transfer needs two different accounts.")


@frozen(kw_only=True)
class BillPayment(references.Referring):
    """Payment of an existing bill (``POST /api/v1/bill-payments``); ``amount`` in cents."""

    resource: ClassVar[str] = "bill_payment"

    txn_date: dt.date = field(converter=checks.to_date)
    bill_id: str = field(converter=references.to_bill_id, validator=references.BILL.check)
    source_account_id: str = field(
        converter=references.to_account_id, validator=references.ACCOUNT.check
    )
    amount: Cents = field(validator=checks.positive_cents)
    memo: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()


@frozen(kw_only=True)
class JournalLine(references.Referring):
    """One line of a journal entry: a ``debit_amount`` or a ``credit_amount``, in cents."""

    account_id: str = field(converter=references.to_account_id, validator=references.ACCOUNT.check)
    debit_amount: Cents = field(default=0, validator=checks.cents_or_zero, metadata=EXACT)
    credit_amount: Cents = field(default=0, validator=checks.cents_or_zero, metadata=EXACT)
    description: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        # Both, or neither.
        if bool(self.debit_amount) == bool(self.credit_amount):
            raise InputError(
                "A journal line must have either a debit or a credit greater than zero."
            )

    @classmethod
    def of(
        cls,
        account: str | references.Identified,
        amount: int,
        *,
        description: str | None = None,
    ) -> JournalLine:
        """Return a line from a signed amount in cents: positive for a debit, negative for a credit.

        ``account`` is a record or an id. Raises ``InputError`` for zero.
        """
        cents = check_cents(amount)
        if not cents:
            raise InputError("The amount of a journal line must not be zero.")
        return cls(
            account_id=account,
            debit_amount=max(cents, 0),
            credit_amount=max(-cents, 0),
            description=description,
        )


def _journal_lines(lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    return _tuple(lines)


def check_balanced(lines: tuple[JournalLine, ...]) -> None:
    """Raise ``InputError`` unless there are two lines or more and debits equal credits."""
    _check_lines(lines, JournalLine, least=2)

    debits = sum(line.debit_amount for line in lines)
    credits = sum(line.credit_amount for line in lines)
    if debits != credits:
        raise InputError(f"Debits ({debits} cents) must equal credits ({credits} cents).")
    # Each line is within the limit, and a long entry may still be beyond it.
    if debits > LIMIT:
        raise InputError(f"The entry's total must be at most {LIMIT} cents.")


@frozen(kw_only=True)
class JournalEntry(references.Referring):
    """A manual journal entry: at least two lines, with debits equal to credits.

    Route: ``POST /api/v1/journal-entries``.
    """

    resource: ClassVar[str] = "journal_entry"

    txn_date: dt.date = field(converter=checks.to_date)
    lines: tuple[JournalLine, ...] = field(converter=_journal_lines)
    memo: str | None = checks.optional_text_field()
    reference: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        check_balanced(self.lines)


@frozen(kw_only=True)
class DraftEntry(references.Referring):
    """A draft journal entry (``POST /api/v1/entries``); posted later, or never. Not idempotent."""

    date: dt.date = field(converter=checks.to_date)
    description: str = field(converter=checks.to_text, validator=checks.some_text)
    lines: tuple[JournalLine, ...] = field(converter=_journal_lines)
    reference: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        check_balanced(self.lines)


def _bill_or_invoice(_: object, attribute: Attribute[Any], value: object) -> None:
    if value not in ("bill", "invoice"):
        raise InputError(f"{attribute.name} must be 'bill' or 'invoice', not {value!r}.")


def _as_it_is(document: str | references.Identified) -> str:
    return cast(str, document)


@frozen(kw_only=True)
class DocumentAllocation(references.Referring):
    """The part of a row that pays one bill (money out) or invoice (money in).

    ``document_type`` is ``bill`` or ``invoice``; ``amount`` is in cents, greater than zero.
    """

    document_type: str = field(validator=_bill_or_invoice)
    document_id: str = field(converter=_as_it_is)
    amount: Cents = field(validator=checks.positive_cents)
    extra: Mapping[str, Any] = checks.extra_field()

    def __attrs_post_init__(self) -> None:
        # Only here is it known what the id has to be of.
        reference = references.BILL if self.document_type == "bill" else references.INVOICE
        document_id = reference.id_of(self.document_id)
        object.__setattr__(self, "document_id", document_id)
        reference.check(self, fields(type(self)).document_id, document_id)


@frozen(kw_only=True)
class AccountAllocation(references.Referring):
    """The part of a row that belongs to one account.

    ``amount`` is in cents, and greater than zero for both money in and money out.
    """

    account_id: str = field(converter=references.to_account_id, validator=references.ACCOUNT.check)
    amount: Cents = field(validator=checks.positive_cents)
    tax_rate_id: str | None = field(
        default=None,
        converter=references.optional_tax_rate_id,
        validator=references.TAX_RATE.check,
        metadata=EXACT,
    )
    memo: str | None = checks.optional_text_field()
    extra: Mapping[str, Any] = checks.extra_field()


Posting: TypeAlias = Purchase | Deposit | Transfer | BillPayment | JournalEntry
"""Any of the five requests."""

POSTINGS: tuple[type[Posting], ...] = (Purchase, Deposit, Transfer, BillPayment, JournalEntry)
