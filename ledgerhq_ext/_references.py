"""Records in place of an id: the kinds of things that ids name, and the records of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from attrs import NOTHING

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._wire import Record
from ledgerhq_ext.errors import InputError

if TYPE_CHECKING:
    from attrs import Attribute


class Identified(Protocol):
    """Anything with an id: a record that was read, or an object of the caller's own."""

    @property
    def id(self) -> str:
        """The id, as the service knows it."""
        ...


class _RecordId(str):
    """The id of a record, with its organization, on its way into a request."""

    organization_id: str


class Referring:
    """The base of requests that may be given records in place of ids.

    ``_owners`` are the organizations of these records, each with the id of one of them: an id does
    not say whose it is, and into whose books it goes is known when it is sent (``to_wire``).
    """

    __slots__ = ("_owners",)
    _owners: Mapping[str, str]

    def _note(self, name: str, id: _RecordId) -> str:
        """Note whose record a field was given; leave its plain id there, and return it."""
        plain = str(id)
        owners = {**getattr(self, "_owners", {}), id.organization_id: plain}
        # Requests are frozen.
        object.__setattr__(self, "_owners", owners)
        object.__setattr__(self, name, plain)
        return plain


class Reference(NamedTuple):
    """The kind of thing that an id names.

    ``noun`` is its name in messages; ``attributes`` says which attribute of which record is such an
    id. Records go by their names: whoever holds none of a kind does not import it.
    """

    noun: str
    attributes: Mapping[str, str]

    def id_of(self, value: Any) -> Any:
        """Return the id of a record that fits; anything else as it is, for ``check`` to refuse.

        A converter knows neither its field's name nor its request, a validator does.
        """
        id = self._plain_id_of(value)
        owner = getattr(value, "organization_id", "") if isinstance(value, Record) else ""
        if not owner or not isinstance(id, str):
            return id
        record_id = _RecordId(id)
        record_id.organization_id = owner
        return record_id

    def _plain_id_of(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        id = self._attribute(value)
        return id if isinstance(id, str) else value

    def check(self, request: Referring, attribute: Attribute[Any], value: object) -> None:
        """Raise ``InputError`` unless it is an id, or None where the field has a default."""
        if isinstance(value, _RecordId):
            value = request._note(attribute.name, value)
        is_optional = attribute.default is not NOTHING
        if value is None and is_optional:
            return

        # A record in the place of its id is the usual slip: the refusal says so.
        if not isinstance(value, str):
            raise InputError(f"{attribute.name} {self._refusal(value)}")
        check_id(value, attribute.name)

    def id_in(self, organization_id: str, value: object) -> str:
        """Return the id of a record of that organization, or an id as it is.

        Raises ``InputError`` for a record of another organization or of another kind.
        """
        # Ids and objects of the caller's own name no owner.
        owner = getattr(value, "organization_id", "")
        if owner and owner != organization_id:
            id = getattr(value, "id", value)
            raise InputError(
                f"{self.noun} of organization {organization_id} is required, but {id} belongs "
                f"to organization {owner}."
            )
        id = self._plain_id_of(value)
        if not isinstance(id, str):
            raise InputError(f"This call {self._refusal(value)}")
        return check_id(id, f"{self.noun.partition(' ')[2]} id")

    def _attribute(self, value: object) -> object:
        # A record of another kind has an id too, but not that of this.
        if isinstance(value, Record):
            return getattr(value, self.attributes.get(type(value).__name__, ""), None)
        return getattr(value, "id", None)

    def _refusal(self, value: object) -> str:
        """Return what is wrong with a value, after the name of what it was given to."""
        name = self.attributes.get(type(value).__name__)
        if name is not None and isinstance(value, Record):
            id = getattr(value, name)
            return f"needs {self.noun}, and {value!r} does not refer to one: its {name} is {id!r}."

        # Of some things no record is read.
        kinds = ", ".join(self.attributes)
        remedy = f"its id or its record ({kinds})" if kinds else "its id"
        return f"needs {self.noun}: {remedy}, not {value!r}."


ACCOUNT = Reference(
    "a ledger account",
    {
        "Account": "id",
        "BankAccount": "chart_account_id",
    },
)
CONTACT = Reference("a contact", {"Contact": "id"})
TAX_RATE = Reference("a tax rate", {"TaxRate": "id"})
BILL = Reference("a bill", {"Bill": "id"})
INVOICE = Reference("an invoice", {})
TRANSACTION = Reference("a bank transaction", {"BankTransaction": "id"})
BANK_ACCOUNT = Reference("a bank account", {"BankAccount": "id"})
PAYMENT = Reference("a payment", {"Payment": "id"})
ENTRY = Reference("a journal entry", {"Entry": "id", "Receipt": "journal_entry_id"})
ENTRY_LINE = Reference("a line of a journal entry", {"EntryLine": "id"})
RECONCILIATION = Reference("a reconciliation", {"LastReconciliation": "id"})


# Type checkers take a parameter's type from its converter, so there is one for each reference.
def to_account_id(account: str | Identified) -> str:
    """Return the id of an account; a bank account stands for its account of the ledger."""
    id: str = ACCOUNT.id_of(account)
    return id


def optional_account_id(account: str | Identified | None) -> str | None:
    """Return the id of an account, or None."""
    return None if account is None else to_account_id(account)


def to_bill_id(bill: str | Identified) -> str:
    """Return the id of a bill."""
    id: str = BILL.id_of(bill)
    return id


def optional_bill_id(bill: str | Identified | None) -> str | None:
    """Return the id of a bill, or None."""
    id: str | None = BILL.id_of(bill)
    return id


def optional_invoice_id(invoice: str | Identified | None) -> str | None:
    """Return the id of an invoice, or None."""
    id: str | None = INVOICE.id_of(invoice)
    return id


def optional_payment_id(payment: str | Identified | None) -> str | None:
    """Return the id of a payment, or None."""
    id: str | None = PAYMENT.id_of(payment)
    return id


def optional_contact_id(contact: str | Identified | None) -> str | None:
    """Return the id of a contact, or None."""
    id: str | None = CONTACT.id_of(contact)
    return id


def optional_tax_rate_id(tax_rate: str | Identified | None) -> str | None:
    """Return the id of a tax rate, or None."""
    id: str | None = TAX_RATE.id_of(tax_rate)
    return id


def optional_entry_id(entry: str | Identified | None) -> str | None:
    """Return the id of a journal entry, or None; a receipt stands for the entry that it is of."""
    id: str | None = ENTRY.id_of(entry)
    return id


def optional_entry_line_id(entry_line: str | Identified | None) -> str | None:
    """Return the id of a line of a journal entry, or None."""
    id: str | None = ENTRY_LINE.id_of(entry_line)
    return id


def optional_reconciliation_id(reconciliation: str | Identified | None) -> str | None:
    """Return the id of a reconciliation, or None."""
    id: str | None = RECONCILIATION.id_of(reconciliation)
    return id
