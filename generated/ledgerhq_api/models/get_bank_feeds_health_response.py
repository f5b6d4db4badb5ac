from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bank_feed_health import BankFeedHealth


T = TypeVar("T", bound="GetBankFeedsHealthResponse")


@_attrs_define
class GetBankFeedsHealthResponse:
    """
    Attributes:
        bank_feeds (list[BankFeedHealth]):
    """

    bank_feeds: list[BankFeedHealth]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bank_feeds = []
        for bank_feeds_item_data in self.bank_feeds:
            bank_feeds_item = bank_feeds_item_data.to_dict()
            bank_feeds.append(bank_feeds_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bankFeeds": bank_feeds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bank_feed_health import BankFeedHealth  # noqa: PLC0415

        d = dict(src_dict)
        bank_feeds = []
        _bank_feeds = d.pop("bankFeeds")
        for bank_feeds_item_data in _bank_feeds:
            bank_feeds_item = BankFeedHealth.from_dict(bank_feeds_item_data)

            bank_feeds.append(bank_feeds_item)

        get_bank_feeds_health_response = cls(
            bank_feeds=bank_feeds,
        )

        get_bank_feeds_health_response.additional_properties = d
        return get_bank_feeds_health_response

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
