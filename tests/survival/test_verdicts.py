"""The verdict of drift on every variant: what is harmless, and what breaks which function of the
layer.
"""

from __future__ import annotations

import json

import pytest

from scripts.contract.seam import load_needs
from scripts.contract.source import Fetched
from scripts.drift.findings import BREAKING as IS_BREAKING
from scripts.drift.findings import HEALED as IS_HEALED
from scripts.drift.findings import WARNING
from scripts.drift.judge import judge

from .breaking import BREAKING, Break
from .detoured import DETOURED, Detoured
from .edits import rewritten
from .harmless import ADDITIVE, SAME
from .healed import HEALED
from .indifferent import INDIFFERENT, Either
from .variants import HERE, compared, quiet, seen_by_the_generator, variant, vendored_input


def test_there_are_enough_variants() -> None:
    assert len(SAME) + len(ADDITIVE) + len(BREAKING) >= 40


STILL = {
    "operation_ids_renamed", "operation_ids_dropped", "tags_renamed", "tags_dropped", "keys_shuffled",
    "told_otherwise", "examples_dropped", "components_renamed", "schemas_inlined", "schemas_extracted",
    "responses_inlined", "written_as_3_0", "nullable_in_3_1", "null_as_an_alternative",
    "references_wrapped_in_all_of", "components_split_into_parts", "parameters_hoisted",
    "path_parameters_renamed", "header_names_in_capitals", "security_said_at_each_operation",
    "unused_components_added", "types_and_sizes_written_otherwise", "parameters_not_exploded",
    "nulls_written_out", "sign_in_told_with_more_words", "what_cannot_be_beside_a_property",
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_generates_the_same(name: str) -> None:
    contract = variant(SAME[name])
    drift = compared(contract).drift
    assert drift.level < IS_BREAKING, [finding.to_json() for finding in drift.findings]
    assert (drift.findings == []) == (name in STILL), [
        finding.to_json() for finding in drift.findings
    ]
    assert drift.misfits == []
    assert seen_by_the_generator(contract, words=False) == rewritten(vendored_input(), quiet)


@pytest.mark.parametrize("name", ADDITIVE)
def test_what_is_added_is_no_break(name: str) -> None:
    contract = variant(ADDITIVE[name])
    report = compared(contract)
    assert report.status == 1, [finding.to_json() for finding in report.drift.findings]
    assert report.drift.misfits == []
    assert seen_by_the_generator(contract) != vendored_input()


@pytest.mark.parametrize(("name", "case"), BREAKING.items(), ids=list(BREAKING))
def test_what_breaks_names_what_is_hit(name: str, case: Break) -> None:
    report = compared(variant(case.change))
    assert report.status == 2
    broken = [finding for finding in report.drift.findings if finding.level == IS_BREAKING]
    named = [
        finding
        for finding in broken
        if finding.rule == case.rule and set(case.hits) <= set(finding.touches)
    ]
    assert named, [finding.to_json() for finding in broken]


@pytest.mark.parametrize(("name", "case"), INDIFFERENT.items(), ids=list(INDIFFERENT))
def test_what_the_layer_takes_either_way_is_a_warning(name: str, case: Either) -> None:
    report = compared(variant(case.change))
    assert report.drift.level == WARNING, [each.to_json() for each in report.drift.findings]
    warned = [each for each in report.drift.findings if each.level == WARNING]
    assert {each.rule for each in warned} == {case.rule}
    assert {touch for each in warned for touch in each.touches} == set(case.touches)
    assert report.drift.misfits == []


# By variant: the exit status, and a finding. What the layer does not use is not healed: scripts
# call it by its route.
HITS = {
    "company_paths_gone": (
        2, "operation-removed", "GET /api/v1/companies/{company_id}/accounts", "Organization.accounts"
    ),
    "header_routes_gone": (4, "operation-removed", "POST /api/v1/purchases", "Organization.post(Purchase)"),
    "everything_moved_below_the_company": (2, "operation-moved", "GET /api/v1/contacts", "Organization.contacts"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALED)
def test_what_regenerating_heals_breaks_installed_releases(name: str) -> None:
    report = compared(variant(HEALED[name]))
    worst = [finding for finding in report.drift.findings if finding.level >= IS_HEALED]
    status, rule, route, call = HITS[name]
    assert report.status == status
    assert (rule, (route,), (call,)) in {(each.rule, each.routes, each.touches) for each in worst}
    assert report.drift.misfits == []
    used = [finding for finding in worst if finding.touches]
    assert {finding.level for finding in used} == {IS_HEALED}, [
        finding.to_json() for finding in used
    ]


@pytest.mark.parametrize(("name", "case"), DETOURED.items(), ids=list(DETOURED))
def test_what_breaks_on_one_carrier_is_healed_by_the_other_one(name: str, case: Detoured) -> None:
    report = compared(variant(case.change))
    assert report.status == 4
    worst = [finding for finding in report.drift.findings if finding.level >= IS_HEALED]
    assert {each.rule for each in worst} == {case.rule}
    assert report.drift.misfits == []
    routes = {each.route.replace("{companyId}", "{company_id}") for each in report.drift.detours}
    assert routes == {route for each in worst for route in each.routes}
    assert routes == {each.replace("{companyId}", "{company_id}") for each in case.routes}


@pytest.mark.parametrize(("name", "case"), DETOURED.items(), ids=list(DETOURED))
def test_what_breaks_on_both_carriers_is_a_misfit(name: str, case: Detoured) -> None:
    """The same change of one carrier, and the other one gone."""
    contract = variant(case.change)
    report = compared(contract)
    for each in report.drift.detours:
        method, _, path = each.instead.partition(" ")
        del contract["paths"][path][method.lower()]
    both = compared(contract)
    assert both.status == 2
    hits = [each for each in both.drift.findings if each.level == IS_BREAKING]
    calls = {each.operation for each in report.drift.detours}
    assert calls <= {touch for each in hits for touch in each.touches}
    assert both.drift.detours == []
    content = json.dumps(contract).encode()
    rows, _ = judge(Fetched(content, "both"), HERE, load_needs() or (), both.drift.misfits)
    assert {row.operation for row in [*both.drift.misfits, *rows]} == calls
