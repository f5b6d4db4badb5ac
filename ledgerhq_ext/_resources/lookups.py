"""Look-ups of what postings refer to: accounts, bank accounts, contacts, tax rates, bills."""

from __future__ import annotations

from operator import attrgetter
from typing import Unpack

from ledgerhq_ext import _seam, models
from ledgerhq_ext._filters import AccountType, BillStatus, ContactType, Other, filter_word
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.keyed import Accounts, BankAccounts, Bills, TaxRates, show_contact
from ledgerhq_ext._resources.listing import PAGE_SIZE
from ledgerhq_ext._resources.matching import form_of, one
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.errors import InputError


class LookupMethods(Scope):
    """The records of an organization that postings refer to."""

    async def accounts(self, **options: Unpack[CallOptions]) -> Accounts:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``; ``["1010"]``.

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
        label = f"contact {field.replace('_', ' ')}"
        form_of(label, text)
        value_of = attrgetter(field)

        # The service's search narrows names. Whether it looks at the rest is not promised, nor that
        # it compares as we do: only what it has exactly is taken from it.
        contacts: list[models.Contact] = []
        if field == "name":
            contacts = await books.contacts(search=text)._all()
        if not any(value_of(contact) == text for contact in contacts):
            contacts = await books.contacts()._all()
        return one(label, text, contacts, value_of, show_contact)

    async def create_contact(
        self,
        *,
        name: str,
        type: ContactType | Other,
        email: str | None = None,
        phone: str | None = None,
        tax_number: str | None = None,
        payment_terms_days: int | None = None,
        currency_code: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Contact:
        """Create a customer or a supplier, and return it.

        ``payment_terms_days`` is the number of days until a bill or an invoice is due; that and
        ``currency_code`` default to what the service chooses. Raises ``InputError`` for an invalid
        field, and where the contract has no such operation; nothing is sent then. Not idempotent:
        the request is sent once, and the outcome is ``unknown`` if there is no response. Several
        contacts may have the same name, so a second request would create a second contact: look
        for the name in ``contacts(search=name)`` first. Route: ``POST /api/v1/contacts``.
        """
        from ledgerhq_ext._bodies import ContactCreate

        body = ContactCreate(
            name=name,
            type=filter_word(type, ContactType, "type") or "",
            email=email,
            phone=phone,
            tax_number=tax_number,
            payment_terms_days=payment_terms_days,
            currency_code=currency_code,
        )
        return await self._with(options)._fetch(_seam.CREATE_CONTACT, body=body)

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
        form_of("bill number", number)
        return Bills(await self._with(options).bills()._all()).by_number(number)
