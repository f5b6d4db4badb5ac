from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReclassifyRequest")


@_attrs_define
class ReclassifyRequest:
    """
    Attributes:
        account_id (str):
        contact_id (None | str | Unset):
        journal_line_id (str | Unset):
        reason (str | Unset):
        tax_rate_id (None | str | Unset):
    """

    account_id: str
    contact_id: None | str | Unset = UNSET
    journal_line_id: str | Unset = UNSET
    reason: str | Unset = UNSET
    tax_rate_id: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        contact_id: None | str | Unset
        if isinstance(self.contact_id, Unset):
            contact_id = UNSET
        else:
            contact_id = self.contact_id

        journal_line_id = self.journal_line_id

        reason = self.reason

        tax_rate_id: None | str | Unset
        if isinstance(self.tax_rate_id, Unset):
            tax_rate_id = UNSET
        else:
            tax_rate_id = self.tax_rate_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accountId": account_id,
            }
        )
        if contact_id is not UNSET:
            field_dict["contactId"] = contact_id
        if journal_line_id is not UNSET:
            field_dict["journalLineId"] = journal_line_id
        if reason is not UNSET:
            field_dict["reason"] = reason
        if tax_rate_id is not UNSET:
            field_dict["taxRateId"] = tax_rate_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_id = d.pop("accountId")

        def _parse_contact_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        contact_id = _parse_contact_id(d.pop("contactId", UNSET))

        journal_line_id = d.pop("journalLineId", UNSET)

        reason = d.pop("reason", UNSET)

        def _parse_tax_rate_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tax_rate_id = _parse_tax_rate_id(d.pop("taxRateId", UNSET))

        reclassify_request = cls(
            account_id=account_id,
            contact_id=contact_id,
            journal_line_id=journal_line_id,
            reason=reason,
            tax_rate_id=tax_rate_id,
        )

        return reclassify_request
