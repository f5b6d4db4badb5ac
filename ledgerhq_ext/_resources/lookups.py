"""Look-ups of what postings refer to: accounts, bank accounts, contacts, tax rates, bills."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter, itemgetter
from typing import TypeVar, Unpack

from ledgerhq_ext import _seam, models
from ledgerhq_ext._filters import AccountType, BillStatus, ContactType, Other, filter_word
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.listing import PAGE_SIZE
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext._texts import comparable
from ledgerhq_ext.errors import InputError, RecordLookupError

T = TypeVar("T")
_CANDIDATES = 20
_NEARNESS = 0.6
"""The likeness (0 to 1, by difflib) from which on a name is a candidate."""
_COMPARED_LENGTH = 200
"""Characters of a name that are compared for likeness: comparing takes their square."""


def one(
    name: str,
    text: str,
    records: Iterable[T],
    value: Callable[[T], str | None],
    show: Callable[[T], str],
) -> T:
    """Return the one record with that value: exactly, or else in the normal form of ``comparable``.

    ``name`` says in messages what the value is; ``show`` writes a candidate. Raises
    ``RecordLookupError`` for none and for several, with the candidates: those that match, or the
    near ones, nearest first. Where nothing is near they are the first of all there is.
    """
    form = comparable(text) if isinstance(text, str) else ""
    if not form:
        raise InputError(f"{name}: pass the text to look for, not {text!r}.")
    everything = list(records)
    matches = _matches(text, form, everything, value)
    if len(matches) == 1:
        return matches[0]

    count = f"{len(matches)} records match" if matches else "no record matches"
    near = matches or _near(form, everything, value) or everything
    raise RecordLookupError(
        f"{name} {text!r}: {count}.",
        candidates=[show(record) for record in near[:_CANDIDATES]],
        more=max(len(near) - _CANDIDATES, 0),
    )


def _matches(text: str, form: str, records: list[T], value: Callable[[T], str | None]) -> list[T]:
    """Return the records with exactly that value, or else those with its normal form."""
    # Names may differ in case or blanks alone: then the exact one is meant.
    exact = [record for record in records if value(record) == text]
    if exact:
        return exact
    return [record for record in records if comparable(value(record)) == form]


def _near(form: str, records: list[T], value: Callable[[T], str | None]) -> list[T]:
    """Return the records whose value contains the form or is like it, nearest first."""
    import difflib

    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(form[:_COMPARED_LENGTH])
    scored: list[tuple[bool, float, T]] = []
    for record in records:
        other = comparable(value(record))
        contains = form in other
        matcher.set_seq1(other[:_COMPARED_LENGTH])
        # The first is an upper bound that is cheap to have.
        if contains or matcher.quick_ratio() >= _NEARNESS:
            ratio = matcher.ratio()
            if contains or ratio >= _NEARNESS:
                scored.append((contains, ratio, record))
    # Records themselves have no order.
    scored.sort(key=itemgetter(0, 1), reverse=True)
    return [record for _, _, record in scored]


class Accounts(tuple["models.Account", ...]):
    """The chart of accounts, ordered by code."""

    __slots__ = ()

    def by_code(self, code: str) -> models.Account:
        """Return the account with this code. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return one("account code", code, self, attrgetter("code"), _show_account)

    def by_name(self, name: str) -> models.Account:
        """Return the account with this name. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return one("account name", name, self, attrgetter("name"), _show_account)

    def by_code_or_id(self, text: str) -> models.Account:
        """Return the account with this code or id. Raises ``RecordLookupError`` if there is not
        exactly one.

        Use it for what people write in a file. A text that is the id of one account and the code of
        another is ambiguous, and raises that error too.
        """

        def code_or_id(account: models.Account) -> str:
            """Return the one of both that the text is compared with."""
            return account.id if account.id == text else account.code

        return one("account", text, self, code_or_id, _show_account)


class TaxRates(tuple["models.TaxRate", ...]):
    """The tax rates."""

    __slots__ = ()

    def by_name(self, name: str) -> models.TaxRate:
        """Return the tax rate with this name. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return one("tax rate", name, self, attrgetter("name"), _show_tax_rate)


class BankAccounts(tuple["models.BankAccount", ...]):
    """The bank accounts."""

    __slots__ = ()

    def by_name(self, name: str) -> models.BankAccount:
        """Return the bank account with this name. Raises ``RecordLookupError`` if there is not
        exactly one.
        """
        return one("bank account", name, self, attrgetter("account_name"), _show_bank_account)


def _show_account(account: models.Account) -> str:
    return f"{account.code} {account.name} ({account.type}, {account.id})"


def _show_bank_account(account: models.BankAccount) -> str:
    return f"{account.account_name} ({account.id})"


def _show_tax_rate(rate: models.TaxRate) -> str:
    return f"{rate.name} ({rate.id})"


def _show_contact(contact: models.Contact) -> str:
    email = contact.email or "no email"
    return f"{contact.name} <{email}> tax {contact.tax_number or '-'} ({contact.id})"


def _show_bill(bill: models.Bill) -> str:
    due = f"{bill.amount_due} cents due"
    return f"{bill.bill_number} of {bill.issue_date}, {bill.status}, {due} ({bill.id})"


class LookupMethods(Scope):
    """The records of an organization that postings refer to."""

    async def accounts(self, **options: Unpack[CallOptions]) -> Accounts:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``.

        Route: ``GET /api/v1/accounts``.
        """
        return Accounts(await self._with(options)._fetch_all(_seam.ACCOUNTS))

    async def create_account(
        self,
        *,
        code: str,
        name: str,
        type: AccountType | Other,
        sub_type: str | None = None,
        parent: str | Identified | None = None,
        currency_code: str | None = None,
        description: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Account:
        """Create an account in the chart of accounts, and return it.

        ``parent`` is the parent account; ``currency_code`` defaults to the company's. Raises
        ``ConflictError`` if an account already has this code. Not idempotent: the request is sent
        once, and the outcome is ``unknown`` if there is no response; look for the code in
        ``accounts`` then. Route: ``POST /api/v1/accounts``.
        """
        from ledgerhq_ext._bodies import AccountCreate

        body = AccountCreate(
            code=code,
            name=name,
            type=filter_word(type, AccountType, "type") or "",
            sub_type=sub_type,
            parent_id=parent,
            currency_code=currency_code,
            description=description,
        )
        return await self._with(options)._fetch(_seam.CREATE_ACCOUNT, body=body)

    async def bank_accounts(self, **options: Unpack[CallOptions]) -> BankAccounts:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return BankAccounts(await self._with(options)._fetch_all(_seam.BANK_ACCOUNTS))

    async def tax_rates(self, **options: Unpack[CallOptions]) -> TaxRates:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return TaxRates(await self._with(options)._fetch_all(_seam.TAX_RATES))

    def contacts(
        self,
        *,
        search: str | None = None,
        type: ContactType | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.Contact]:
        """List customers and suppliers (``GET /api/v1/contacts``). Raises ``InputError`` for an
        invalid filter.
        """
        word = filter_word(type, ContactType, "type")
        return self._with(options)._list(_seam.CONTACTS, page_size, search=search, type=word)

    async def contact(
        self,
        *,
        name: str | None = None,
        email: str | None = None,
        tax_number: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Contact:
        """Return the contact with this name, email or tax number. Pass exactly one of the three.

        Raises ``RecordLookupError`` unless exactly one contact matches. Route: ``GET
        /api/v1/contacts``.
        """
        books = self._with(options)
        values = {"name": name, "email": email, "tax_number": tax_number}
        criteria = {field: value for field, value in values.items() if value is not None}
        if len(criteria) != 1:
            raise InputError("Look up a contact by exactly one of name, email and tax_number.")
        ((field, text),) = criteria.items()
        value_of = attrgetter(field)

        # The service's search narrows names. Whether it looks at the rest is not promised, nor that
        # it compares as we do: only what it has exactly is taken from it.
        contacts: list[models.Contact] = []
        if field == "name":
            contacts = await books.contacts(search=text)._all()
        if not any(value_of(contact) == text for contact in contacts):
            contacts = await books.contacts()._all()
        label = f"contact {field.replace('_', ' ')}"
        return one(label, text, contacts, value_of, _show_contact)

    def bills(
        self,
        *,
        status: BillStatus | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.Bill]:
        """List bills from suppliers. Amounts are in cents (``GET /api/v1/bills``).

        Raises ``InputError``.
        """
        word = filter_word(status, BillStatus, "status")
        return self._with(options)._list(_seam.BILLS, page_size, status=word)

    async def bill(self, number: str, **options: Unpack[CallOptions]) -> models.Bill:
        """Return the bill with this number. Raises ``RecordLookupError`` if there is not exactly
        one.

        Route: ``GET /api/v1/bills``.
        """
        bills = await self._with(options).bills()._all()
        return one("bill number", number, bills, attrgetter("bill_number"), _show_bill)
