from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bank_transaction_status import BankTransactionStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="BankTransaction")


@_attrs_define
class BankTransaction:
    """A row of the bank register.

    Attributes:
        amount (int): Integer cents; negative is money out.
        bank_account_id (str):
        created_at (str):
        date (str):
        description (str):
        id (str):
        pending (bool):
        source_type (str): Synced rows carry plaid_bank_feed.
        status (BankTransactionStatus):
        account_code (None | str | Unset):
        account_id (None | str | Unset):
        account_name (None | str | Unset):
        balance (int | None | Unset): Integer cents (minor units of the currency).
        contact_id (None | str | Unset):
        counterparty (None | str | Unset):
        currency_code (None | str | Unset):
        external_transaction_id (None | str | Unset):
        journal_entry_id (None | str | Unset):
        payee (None | str | Unset):
        posted_date (None | str | Unset):
        reconciliation_id (None | str | Unset):
        reference (None | str | Unset):
        tax_rate_id (None | str | Unset):
    """

    amount: int
    bank_account_id: str
    created_at: str
    date: str
    description: str
    id: str
    pending: bool
    source_type: str
    status: BankTransactionStatus
    account_code: None | str | Unset = UNSET
    account_id: None | str | Unset = UNSET
    account_name: None | str | Unset = UNSET
    balance: int | None | Unset = UNSET
    contact_id: None | str | Unset = UNSET
    counterparty: None | str | Unset = UNSET
    currency_code: None | str | Unset = UNSET
    external_transaction_id: None | str | Unset = UNSET
    journal_entry_id: None | str | Unset = UNSET
    payee: None | str | Unset = UNSET
    posted_date: None | str | Unset = UNSET
    reconciliation_id: None | str | Unset = UNSET
    reference: None | str | Unset = UNSET
    tax_rate_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        bank_account_id = self.bank_account_id

        created_at = self.created_at

        date = self.date

        description = self.description

        id = self.id

        pending = self.pending

        source_type = self.source_type

        status = self.status.value

        account_code: None | str | Unset
        if isinstance(self.account_code, Unset):
            account_code = UNSET
        else:
            account_code = self.account_code

        account_id: None | str | Unset
        if isinstance(self.account_id, Unset):
            account_id = UNSET
        else:
            account_id = self.account_id

        account_name: None | str | Unset
        if isinstance(self.account_name, Unset):
            account_name = UNSET
        else:
            account_name = self.account_name

        balance: int | None | Unset
        if isinstance(self.balance, Unset):
            balance = UNSET
        else:
            balance = self.balance

        contact_id: None | str | Unset
        if isinstance(self.contact_id, Unset):
            contact_id = UNSET
        else:
            contact_id = self.contact_id

        counterparty: None | str | Unset
        if isinstance(self.counterparty, Unset):
            counterparty = UNSET
        else:
            counterparty = self.counterparty

        currency_code: None | str | Unset
        if isinstance(self.currency_code, Unset):
            currency_code = UNSET
        else:
            currency_code = self.currency_code

        external_transaction_id: None | str | Unset
        if isinstance(self.external_transaction_id, Unset):
            external_transaction_id = UNSET
        else:
            external_transaction_id = self.external_transaction_id

        journal_entry_id: None | str | Unset
        if isinstance(self.journal_entry_id, Unset):
            journal_entry_id = UNSET
        else:
            journal_entry_id = self.journal_entry_id

        payee: None | str | Unset
        if isinstance(self.payee, Unset):
            payee = UNSET
        else:
            payee = self.payee

        posted_date: None | str | Unset
        if isinstance(self.posted_date, Unset):
            posted_date = UNSET
        else:
            posted_date = self.posted_date

        reconciliation_id: None | str | Unset
        if isinstance(self.reconciliation_id, Unset):
            reconciliation_id = UNSET
        else:
            reconciliation_id = self.reconciliation_id

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        tax_rate_id: None | str | Unset
        if isinstance(self.tax_rate_id, Unset):
            tax_rate_id = UNSET
        else:
            tax_rate_id = self.tax_rate_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "bankAccountId": bank_account_id,
                "createdAt": created_at,
                "date": date,
                "description": description,
                "id": id,
                "pending": pending,
                "sourceType": source_type,
                "status": status,
            }
        )
        if account_code is not UNSET:
            field_dict["accountCode"] = account_code
        if account_id is not UNSET:
            field_dict["accountId"] = account_id
        if account_name is not UNSET:
            field_dict["accountName"] = account_name
        if balance is not UNSET:
            field_dict["balance"] = balance
        if contact_id is not UNSET:
            field_dict["contactId"] = contact_id
        if counterparty is not UNSET:
            field_dict["counterparty"] = counterparty
        if currency_code is not UNSET:
            field_dict["currencyCode"] = currency_code
        if external_transaction_id is not UNSET:
            field_dict["externalTransactionId"] = external_transaction_id
        if journal_entry_id is not UNSET:
            field_dict["journalEntryId"] = journal_entry_id
        if payee is not UNSET:
            field_dict["payee"] = payee
        if posted_date is not UNSET:
            field_dict["postedDate"] = posted_date
        if reconciliation_id is not UNSET:
            field_dict["reconciliationId"] = reconciliation_id
        if reference is not UNSET:
            field_dict["reference"] = reference
        if tax_rate_id is not UNSET:
            field_dict["taxRateId"] = tax_rate_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount")

        bank_account_id = d.pop("bankAccountId")

        created_at = d.pop("createdAt")

        date = d.pop("date")

        description = d.pop("description")

        id = d.pop("id")

        pending = d.pop("pending")

        source_type = d.pop("sourceType")

        status = BankTransactionStatus(d.pop("status"))

        def _parse_account_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_code = _parse_account_code(d.pop("accountCode", UNSET))

        def _parse_account_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_id = _parse_account_id(d.pop("accountId", UNSET))

        def _parse_account_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_name = _parse_account_name(d.pop("accountName", UNSET))

        def _parse_balance(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        balance = _parse_balance(d.pop("balance", UNSET))

        def _parse_contact_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        contact_id = _parse_contact_id(d.pop("contactId", UNSET))

        def _parse_counterparty(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        counterparty = _parse_counterparty(d.pop("counterparty", UNSET))

        def _parse_currency_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        currency_code = _parse_currency_code(d.pop("currencyCode", UNSET))

        def _parse_external_transaction_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_transaction_id = _parse_external_transaction_id(d.pop("externalTransactionId", UNSET))

        def _parse_journal_entry_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        journal_entry_id = _parse_journal_entry_id(d.pop("journalEntryId", UNSET))

        def _parse_payee(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        payee = _parse_payee(d.pop("payee", UNSET))

        def _parse_posted_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        posted_date = _parse_posted_date(d.pop("postedDate", UNSET))

        def _parse_reconciliation_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reconciliation_id = _parse_reconciliation_id(d.pop("reconciliationId", UNSET))

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        def _parse_tax_rate_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tax_rate_id = _parse_tax_rate_id(d.pop("taxRateId", UNSET))

        bank_transaction = cls(
            amount=amount,
            bank_account_id=bank_account_id,
            created_at=created_at,
            date=date,
            description=description,
            id=id,
            pending=pending,
            source_type=source_type,
            status=status,
            account_code=account_code,
            account_id=account_id,
            account_name=account_name,
            balance=balance,
            contact_id=contact_id,
            counterparty=counterparty,
            currency_code=currency_code,
            external_transaction_id=external_transaction_id,
            journal_entry_id=journal_entry_id,
            payee=payee,
            posted_date=posted_date,
            reconciliation_id=reconciliation_id,
            reference=reference,
            tax_rate_id=tax_rate_id,
        )

        bank_transaction.additional_properties = d
        return bank_transaction

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
