"""Records that are found by a text that people know them by: a code, a name, a number."""

from __future__ import annotations

from operator import attrgetter
from typing import SupportsIndex, TypeVar, overload

from ledgerhq_ext import models
from ledgerhq_ext._resources.matching import matches_of, one
from ledgerhq_ext._texts import comparable

T = TypeVar("T")
D = TypeVar("D")


class _Keyed(tuple[T, ...]):
    """Records that are found by their place, and by a text that people know them by.

    ``[]`` takes both; ``in`` and ``get`` are those of a mapping by that text, and ``len`` and
    iteration those of the tuple. (Type checkers that are strict about ``in`` know it of the tuple
    only: ``get`` says the same.) Texts are compared as ``by_code`` and ``by_name`` compare them.
    """

    __slots__ = ()
    _noun: str
    """What messages call the key."""
    _attribute: str
    """The attribute of a record that is its key."""

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> T: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[T, ...]: ...
    @overload
    def __getitem__(self, key: str, /) -> T: ...
    def __getitem__(self, key: SupportsIndex | slice | str, /) -> T | tuple[T, ...]:
        """Return a record by its key; ``RecordLookupError``, a ``KeyError`` too, for none or
        several.
        """
        return self._one(key) if isinstance(key, str) else super().__getitem__(key)

    def __contains__(self, key: object, /) -> bool:
        """Return whether ``[]`` finds one record, or several, by a key; or whether a record is
        there.
        """
        if isinstance(key, str):
            return bool(self._matches(key))
        return super().__contains__(key)

    @overload
    def get(self, key: str) -> T | None: ...
    @overload
    def get(self, key: str, default: D) -> T | D: ...
    def get(self, key: str, default: object = None) -> object:
        """Return the record with this key, or the default for none; ``RecordLookupError`` for
        several.
        """
        # What is no text cannot be missing: a number that was meant as a code is a mistake.
        is_found = not isinstance(key, str) or self._matches(key)
        return self._one(key) if is_found else default

    def _one(self, key: str) -> T:
        """Return the record with a key; raise ``RecordLookupError`` for none or several."""
        return one(self._noun, key, self, attrgetter(self._attribute), self._show)

    def _matches(self, key: str) -> list[T]:
        form = comparable(key)
        return matches_of(key, form, list(self), attrgetter(self._attribute)) if form else []

    def _show(self, record: T) -> str:
        """Return a record as a candidate is shown."""
        raise NotImplementedError


class Accounts(_Keyed["models.Account"]):
    """The chart of accounts, ordered by code; ``accounts["1010"]`` is the one with this code."""

    __slots__ = ()
    _noun = "account code"
    _attribute = "code"

    def by_code(self, code: str) -> models.Account:
        """Return the account with this code. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return self._one(code)

    def by_name(self, name: str) -> models.Account:
        """Return the account with this name. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return one("account name", name, self, attrgetter("name"), self._show)

    def by_code_or_id(self, text: str) -> models.Account:
        """Return the account with this code or id. Raises ``RecordLookupError`` if there is not
        exactly one.

        Use it for what people write in a file. A text that is the id of one account and the code of
        another is ambiguous, and raises that error too.
        """

        def code_or_id(account: models.Account) -> str:
            """Return the one of both that the text is compared with."""
            return account.id if account.id == text else account.code

        return one("account", text, self, code_or_id, self._show)

    def _show(self, record: models.Account) -> str:
        return f"{record.code} {record.name} ({record.type}, {record.id}{_unused(record)})"


class TaxRates(_Keyed["models.TaxRate"]):
    """The tax rates; ``tax_rates["Sales tax"]`` is the one with this name."""

    __slots__ = ()
    _noun = "tax rate"
    _attribute = "name"

    def by_name(self, name: str) -> models.TaxRate:
        """Return the tax rate with this name. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return self._one(name)

    def _show(self, record: models.TaxRate) -> str:
        return f"{record.name} ({record.id}{_unused(record)})"


class BankAccounts(_Keyed["models.BankAccount"]):
    """The bank accounts; ``bank_accounts["Business checking"]`` is the one with this name."""

    __slots__ = ()
    _noun = "bank account"
    _attribute = "account_name"

    def by_name(self, name: str) -> models.BankAccount:
        """Return the bank account with this name. Raises ``RecordLookupError`` if there is not
        exactly one.
        """
        return self._one(name)

    def _show(self, record: models.BankAccount) -> str:
        return f"{record.account_name} ({record.id}{_unused(record)})"


class Contacts(_Keyed["models.Contact"]):
    """Contacts that were read before; ``contacts["Office Depot"]`` is the one with this name.

    ``Contacts(books.contacts())`` reads all of them once, where many names are looked up.
    """

    __slots__ = ()
    _noun = "contact name"
    _attribute = "name"

    def by_name(self, name: str) -> models.Contact:
        """Return the contact with this name. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return self._one(name)

    def _show(self, record: models.Contact) -> str:
        return show_contact(record)


class Bills(_Keyed["models.Bill"]):
    """Bills that were read before; ``bills["BILL-1008"]`` is the one with this number.

    ``Bills(books.bills())`` reads all of them once, where many numbers are looked up.
    """

    __slots__ = ()
    _noun = "bill number"
    _attribute = "bill_number"

    def by_number(self, number: str) -> models.Bill:
        """Return the bill with this number. Raises ``RecordLookupError`` if there is not exactly
        one.
        """
        return self._one(number)

    def _show(self, record: models.Bill) -> str:
        due = f"{record.amount_due} cents due"
        return f"{record.bill_number} of {record.issue_date}, {record.status}, {due} ({record.id})"


def _unused(record: models.Account | models.BankAccount | models.TaxRate) -> str:
    """Return a mark for a record that is inactive: candidates may differ in that alone."""
    return "" if record.is_active else ", inactive"


def show_contact(contact: models.Contact) -> str:
    """Return a contact as a candidate is shown."""
    email = contact.email or "no email"
    return f"{contact.name} <{email}> tax {contact.tax_number or '-'} ({contact.id})"
