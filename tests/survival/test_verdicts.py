"""The verdict of drift on every variant: what is harmless, and what breaks which function of the
layer.
"""

from __future__ import annotations

import pytest

from scripts.drift.findings import BREAKING as IS_BREAKING
from scripts.drift.findings import HEALED as IS_HEALED
from scripts.drift.findings import WARNING

from .breaking import BREAKING, Break
from .edits import rewritten
from .harmless import ADDITIVE, SAME
from .healed import HEALED
from .indifferent import INDIFFERENT, Either
from .variants import compared, quiet, seen_by_the_generator, variant, vendored_input


def test_there_are_enough_variants() -> None:
    assert len(SAME) + len(ADDITIVE) + len(BREAKING) >= 40


STILL = {
    "operation_ids_renamed", "operation_ids_dropped", "tags_renamed", "tags_dropped", "keys_shuffled",
    "told_otherwise", "examples_dropped", "components_renamed", "schemas_inlined", "schemas_extracted",
    "responses_inlined", "written_as_3_0", "nullable_in_3_1", "null_as_an_alternative",
    "references_wrapped_in_all_of", "components_split_into_parts", "parameters_hoisted",
    "path_parameters_renamed", "header_names_in_capitals", "security_said_at_each_operation",
    "unused_components_added",
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
