from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.contact_type import ContactType
from ..types import UNSET, Unset

T = TypeVar("T", bound="Contact")


@_attrs_define
class Contact:
    """
    Attributes:
        created_at (str):
        currency_code (str): ISO 4217 currency code.
        id (str):
        name (str):
        payment_terms_days (int):
        type_ (ContactType):
        email (None | str | Unset):
        phone (None | str | Unset):
        tax_number (None | str | Unset):
    """

    created_at: str
    currency_code: str
    id: str
    name: str
    payment_terms_days: int
    type_: ContactType
    email: None | str | Unset = UNSET
    phone: None | str | Unset = UNSET
    tax_number: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at

        currency_code = self.currency_code

        id = self.id

        name = self.name

        payment_terms_days = self.payment_terms_days

        type_ = self.type_.value

        email: None | str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        else:
            email = self.email

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        tax_number: None | str | Unset
        if isinstance(self.tax_number, Unset):
            tax_number = UNSET
        else:
            tax_number = self.tax_number

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "createdAt": created_at,
                "currencyCode": currency_code,
                "id": id,
                "name": name,
                "paymentTermsDays": payment_terms_days,
                "type": type_,
            }
        )
        if email is not UNSET:
            field_dict["email"] = email
        if phone is not UNSET:
            field_dict["phone"] = phone
        if tax_number is not UNSET:
            field_dict["taxNumber"] = tax_number

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = d.pop("createdAt")

        currency_code = d.pop("currencyCode")

        id = d.pop("id")

        name = d.pop("name")

        payment_terms_days = d.pop("paymentTermsDays")

        type_ = ContactType(d.pop("type"))

        def _parse_email(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        email = _parse_email(d.pop("email", UNSET))

        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))

        def _parse_tax_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tax_number = _parse_tax_number(d.pop("taxNumber", UNSET))

        contact = cls(
            created_at=created_at,
            currency_code=currency_code,
            id=id,
            name=name,
            payment_terms_days=payment_terms_days,
            type_=type_,
            email=email,
            phone=phone,
            tax_number=tax_number,
        )

        contact.additional_properties = d
        return contact

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
