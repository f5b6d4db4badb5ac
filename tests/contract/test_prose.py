"""A header that a document asks for in its words alone."""

import copy
import json
from typing import Any

from scripts.contract.layout import Layout
from scripts.contract.normalise import normalise
from scripts.contract.prose import with_headers_of_prose
from scripts.contract.seam import misfits
from tests.support.checkouts import Checkout, FakeNeed
from tests.support.contracts import ORGANIZATION, small

NEED = FakeNeed("GET", "/api/v1/accounts", parameters=(("header", "x-organization-id"),))


def silent(words: str) -> dict[str, Any]:
    """The small contract without the header as a parameter, and with these words."""
    contract = copy.deepcopy(small())
    for item in contract["paths"].values():
        for holder in (item, *item.values()):
            if isinstance(holder, dict) and "parameters" in holder:
                holder["parameters"] = [
                    each for each in holder["parameters"] if each != ORGANIZATION
                ]
    contract["info"]["description"] = words
    return contract


def test_a_header_of_the_words_is_a_parameter_where_the_layer_sends_it() -> None:
    contract = silent("Send the X-Organization-Id header with each call.")
    said: list[str] = []
    found = with_headers_of_prose(normalise(contract), contract, [NEED], said.append)
    assert misfits(found, [NEED]) == []
    assert "GET /api/v1/accounts: x-organization-id" in said[0]
    assert found["paths"]["/api/oauth/token"] == normalise(contract)["paths"]["/api/oauth/token"]


def test_a_header_of_which_no_word_speaks_is_a_misfit() -> None:
    contract = silent("Nothing of that.")
    found = with_headers_of_prose(normalise(contract), contract, [NEED])
    assert found == normalise(contract)
    assert [row.found for row in misfits(found, [NEED])] == ["no such parameter"]


def test_the_generated_operation_takes_it(checkout: Checkout) -> None:
    assert checkout.run(silent("x-organization-id: the company"), needs=[NEED]) == 0
    package = Layout(checkout.root).package
    assert "x_organization_id" in (package / "api" / "accounts" / "get_accounts.py").read_text()
    assert (
        "x_organization_id" not in (package / "api" / "accounts" / "post_accounts.py").read_text()
    )
    assert json.loads(Layout(checkout.root).contract.read_bytes()) == silent(
        "x-organization-id: the company"
    )
