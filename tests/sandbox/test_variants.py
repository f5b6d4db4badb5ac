"""The sandbox on what vendors do to a contract: it serves, or names what it cannot serve."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox._contract import vendored_contract
from tests.cases import test_contract_mutations as mutations
from tests.survival.breaking import BREAKING
from tests.survival.harmless import ADDITIVE, SAME

from .api import Api

pytestmark = pytest.mark.slow

Document = dict[str, Any]
MUTATIONS = (
    mutations.dates_become_moments,
    mutations.key_is_a_uuid,
    mutations.either_name_or_code,
    mutations.second_health_route,
    mutations.second_health_route_and_no_purchases,
    mutations.tagged_union,
    mutations.upload,
    mutations.csv_upload,
    mutations.segment_with_a_digit,
    mutations.component_with_digits,
    mutations.parameter_with_content,
    mutations.property_called_d,
    mutations.sandbox_server_first,
    mutations.integers_as_whole_numbers,
    mutations.openapi_3_2,
)
CHANGES: dict[str, Callable[[Document], object]] = {
    **{change.__name__: change for change in MUTATIONS},
    **{change.__name__: change for change in (*SAME.values(), *ADDITIVE.values())},
    **{name: variant.change for name, variant in BREAKING.items()},
}
# What takes another kind of value than the sandbox has, or has no place for its answer.
REFUSED = {
    "dates_become_moments": "#/components/schemas/BankTransaction/properties/date",
    "ids_became_integers": "#/components/schemas/Account/properties/id",
    "amounts_lost_their_sign": "#/components/schemas/BankTransaction/properties/amount",
    "cents_became_decimal_strings": "#/components/schemas/BankAccount/properties/balance",
    "date_became_a_timestamp": "#/components/schemas/Bill/properties/issueDate",
    "list_became_a_map": "/schema/properties/taxRates",
    "answer_in_another_media_type": "~1trial-balance/get/responses/200/content",
    "answer_without_a_body": "~1exclude/post/responses/200/content",
}
# What takes away a property of a request that the sandbox has to have.
IN_NEED = {
    "request_field_renamed": (
        "POST /api/v1/bank-transactions/{id}/reclassify needs accountId in "
        "#/components/schemas/ReclassifyRequest"
    ),
}


def variant(name: str) -> Document:
    """Return the vendored contract, changed."""
    document = vendored_contract()
    changed = CHANGES[name](document)
    document = changed if isinstance(changed, dict) and "paths" in changed else document
    copied: Document = json.loads(json.dumps(document))
    return copied


@pytest.mark.parametrize("name", sorted(CHANGES.keys() - REFUSED.keys() - IN_NEED.keys()))
def test_a_contract_that_is_served_answers_every_list(name: str, http: httpx.Client) -> None:
    document = variant(name)
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        for path, item in document["paths"].items():
            if "get" not in item or not path.startswith("/api/v1/"):
                continue
            place = path.removeprefix("/api/v1").replace("{companyId}", api.org)
            if "{" not in place:
                period = {"startDate": "2026-01-01", "endDate": "2026-06-30"}
                assert api.get(place, **period).status_code != 500, path
        assert [found for found in box.contract_violations if found["status"] < 400] == []


@pytest.mark.sample
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_contract_that_cannot_be_served_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="cannot serve this contract") as refusal:
        Sandbox(contract=variant(name))
    assert re.search(r"its answer to (GET|POST) /api/v1/\S+ does not fit #/", str(refusal.value))
    assert f"{REFUSED[name]} (" in str(refusal.value)


@pytest.mark.parametrize("name", IN_NEED)
def test_a_request_that_lacks_what_the_sandbox_needs_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="cannot serve this contract") as refusal:
        Sandbox(contract=variant(name))
    assert IN_NEED[name] in str(refusal.value)
