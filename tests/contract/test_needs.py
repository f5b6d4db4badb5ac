"""What the layer needs of a contract is worked out from its table."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext._seam import operations
from scripts.contract.needs import needs, shape_of
from tests.ext.test_wire import Leaf, Tree


def test_needs_say_what_is_used() -> None:
    by_route: dict[Any, Any] = {(need.method, need.path): need for need in needs()}
    assert len(by_route) == len(operations())
    purchase = by_route["POST", "/api/v1/purchases"]
    assert purchase.parameters == (("header", SCOPE_HEADER), ("header", KEY_HEADER))
    assert purchase.request["lines"][0]["amount"] == "integer"
    assert purchase.response["data"]["journalEntryId"] == "string"
    entry = by_route["GET", "/api/v1/entries/{id}"].response["entry"]
    assert entry["lines"][0]["debitAmount"] == "string"
    assert by_route["GET", "/api/v1/organizations"].response["nextCursor?"] == "string"


def test_a_contract_may_lack_the_creation_of_contacts_alone() -> None:
    [optional] = [need for need in needs() if need.is_optional]
    assert optional.operation == "Organization.create_contact"
    assert optional.request == {
        "name": "string",
        "type": "string",
        "email?": "string",
        "phone?": "string",
        "taxNumber?": "string",
        "paymentTermsDays?": "integer",
        "currencyCode?": "string",
    }


def test_shapes() -> None:
    leaf = shape_of(Leaf)
    tree: Any = shape_of(Tree)
    assert leaf == {"amount": "integer", "name?": "string"}
    assert shape_of(Leaf, "decimal") == {"amount": "string", "name?": "string"}
    assert tree["leaves"] == [leaf]
    assert "organizationId" not in tree
