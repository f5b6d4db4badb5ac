"""The judges agree, over many small changes of the contract: what regenerating takes, drift does
not call breaking for the layer; what drift calls breaking for a reader is a misfit, a broken
promise, or a word that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.layout import ROOT, Layout
from scripts.contract.pipeline import promised
from scripts.contract.promise import Promise, changes, read_promise
from scripts.contract.seam import Need, key_of, load_needs
from scripts.contract.source import Fetched
from scripts.drift import judge as judging
from scripts.drift import promises
from scripts.drift.compare import Drift
from scripts.drift.documents import Document, read_document
from scripts.drift.findings import BREAKING, Finding
from scripts.drift.judge import judge
from scripts.drift.promises import with_promises

from .edits import Json
from .mutations import Mutation, json_of_the_vendor, of_fewer_words, sample
from .test_survival import survive
from .variants import ALL, compared, seen_by_the_generator, variant, vendored_input

pytestmark = pytest.mark.slow
HERE = Layout(ROOT)
SEED = 20261129
NUMBER = 360 if ALL else 18
# Each takes most of a minute.
FLOWS = 6 if ALL else 1
UNSPEAKABLE = (json_of_the_vendor.__name__, of_fewer_words.__name__)
"""Changes that the sandbox cannot speak: it answers in plain JSON, and with the values it has."""
WORDS = ("response-enum-closed", "response-enum-value-removed")
"""The rules for a word that the layer goes by, and that an answer has no longer."""


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the judges keep what they would work out for each mutation again: the vendored document,
    and what a contract would promise.
    """
    vendored = HERE.contract.read_bytes()

    def read_once(fetched: Fetched, layout: Layout, needs: Sequence[Need]) -> Document:
        """Return a document, the vendored one as it was read before."""
        is_vendored = fetched.content == vendored
        return _vendored() if is_vendored else read_document(fetched, layout, needs)

    monkeypatch.setattr(promises, "promised", lambda normalised, _: promised_by(normalised))
    monkeypatch.setattr(judging, "read_document", read_once)


def cases(number: int = NUMBER) -> list[tuple[str, Mutation]]:
    return list(sample(variant(), number, SEED))


def drift_of(contract: Json) -> tuple[Drift, list[str]]:
    """Return what drift says of a contract, and which promises a client of it would break."""
    report = compared(contract)
    differences = changes(_promise(), promised_by(report.new.normalised))
    gone = [str(change) for change in differences if change.is_broken]
    return with_promises(report.drift, report.new, HERE), gone


_latest: list[tuple[Any, Promise]] = []


def promised_by(normalised: Any) -> Promise:
    """Return what a contract would promise; of the latest one it is known."""
    if not _latest or _latest[0][0] is not normalised:
        _latest[:] = [(normalised, promised(normalised, HERE))]
    return _latest[0][1]


@cache
def _vendored() -> Document:
    """Return the vendored document as the judge of a new client reads it."""
    return read_document(Fetched(HERE.contract.read_bytes(), "vendored"), HERE, load_needs() or ())


@cache
def _promise() -> dict[str, dict[str, str]]:
    return read_promise(HERE) or {}


def route_by_route(needs: Sequence[Need]) -> list[Need]:
    """Return the needs of each route alone: where two routes do the same, one is enough for the
    layer, but not for an app that prefers the other one.
    """
    alone: list[Need] = []
    for need in needs:
        ways = [replace(need, instead=()), *need.instead]
        for key in dict.fromkeys(map(key_of, ways)):
            first, *others = (each for each in ways if key_of(each) == key)
            alone.append(replace(first, instead=tuple(others)))
    return alone


def breaking_for_the_layer(drift: Drift) -> list[Finding]:
    return [each for each in drift.findings if each.level == BREAKING and each.touches]


@pytest.mark.parametrize(("name", "change"), cases(), ids=[name for name, _ in cases()])
def test_the_judges_agree(name: str, change: Mutation) -> None:
    contract = variant(change)
    drift, gone = drift_of(contract)
    hits = breaking_for_the_layer(drift)
    said = [each.to_json() for each in hits]

    # What no longer fits, or is promised no more, is breaking; whichever rule says so.
    if drift.fresh or gone:
        assert hits, (drift.fresh, gone)

    # And what is breaking for a reader is one of the two, on the route that is hit. But words are
    # no part of what fits or is promised: of those that are gone, regenerating learns from drift.
    needs = load_needs() or ()
    reading = [each for each in hits if each.rule.startswith("response-")]
    words = [each for each in reading if each.rule in WORDS]
    if len(reading) > len(words):
        report = compared(contract, route_by_route(needs))
        assert report.drift.fresh or gone, said

    # What regenerating takes does not break the layer.
    fetched = Fetched(json.dumps(contract).encode(), "a mutation")
    rows, _ = judge(fetched, HERE, needs, drift.misfits)
    if words:
        assert rows, said
    if not rows and not drift.misfits and not gone:
        assert not hits, said


def taken() -> Iterator[tuple[str, Mutation]]:
    """Return mutations that do not break the layer, give another client, and can be spoken by the
    sandbox.
    """
    for name, change in cases(110):
        if name.endswith(UNSPEAKABLE):
            continue
        contract = variant(change)
        drift, _ = drift_of(contract)
        if drift.level < BREAKING and seen_by_the_generator(contract) != vendored_input():
            yield name, change


@pytest.mark.parametrize("number", range(FLOWS))
def test_what_drift_takes_for_harmless_works(number: int, tmp_path: Path) -> None:
    candidates = taken()
    for _ in range(number):
        next(candidates)
    _, change = next(candidates)
    survive(variant(change), tmp_path)
