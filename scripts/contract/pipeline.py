"""All the steps from a fetched document to a candidate that could take the place of what is
committed.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .culprits import culprits
from .detours import Detour, detours, lasting_detours, write_detours
from .errors import StepError, listed
from .generate import GeneratorError, generate
from .hazards import hazards
from .layout import Layout
from .lint import findings, lint
from .lock import new_lock
from .marks import mark, read_marks
from .names import Names
from .naming import assign_names
from .normalise import normalise
from .omissions import LEFT_OUT, without
from .pointers import Object, pretty
from .promise import Promise, promise
from .prose import with_headers_of_prose
from .repair import load_repairs, repair
from .seam import Misfit, Need, absent, misfits
from .source import Fetched, parse
from .text import counted
from .verify import lost
from .view import generator_view

Say = Callable[[str], None]
# Without one operation another may be lost, though that has never been seen.
_ROUNDS = 4


@dataclass(frozen=True)
class Candidate:
    """A complete set of contract, locks and generated code, where the layer does not fit it, where
    it fits only one of two routes, and what of the layer the contract has no route for.
    """

    layout: Layout
    misfits: list[Misfit]
    detours: list[Detour]
    absent: list[Need]


def understand(fetched: Fetched, layout: Layout, needs: Sequence[Need], say: Say) -> Object:
    """Read, repair, normalise and lint: the contract in canonical form, without what cannot be
    read.
    """
    raw = parse(fetched.content)
    say(f"read       {len(fetched.content):,} bytes, {fetched.origin}")
    repaired, warnings = repair(raw, load_repairs(_table(layout)))
    for warning in warnings:
        say(f"repair     warning: {warning}")
    normalised = normalise(repaired)
    say(f"normalise  {sum(map(len, normalised['paths'].values()))} operations")
    normalised = with_headers_of_prose(lint(normalised), repaired, needs, say)
    _report_raw(raw, say)
    return normalised


def make_candidate(
    fetched: Fetched, here: Layout, there: Layout, today: date, needs: Sequence[Need], say: Say
) -> Candidate:
    """Build everything that `fetched` gives into `there`, with the settings and locks of `here`.

    An operation that cannot be generated is left out by name.
    """
    normalised = understand(fetched, here, needs, say)
    view = generator_view(normalised)
    normalised, view = _left_out(normalised, view, hazards(view))
    there.package.parent.mkdir(parents=True)
    named, names = _named(view, here)
    faults = _generated(named, here, there.package)
    for _ in range(_ROUNDS):
        if not faults:
            break
        normalised, view = _left_out(normalised, view, faults)
        named, names = _named(view, here)
        faults = _generated(named, here, there.package)
    if faults:
        why = listed([f"{place}: {fault}" for place, fault in faults.items()]).strip()
        raise StepError("check", "generating keeps losing something", why=why)
    say(f"name       {counted(len(names.shapes), 'class', 'classes')}")
    _say_what_is_left_out(normalised, say)

    there.openapi.mkdir()
    there.contract.write_bytes(fetched.content)
    there.names_lock.write_bytes(pretty(names.to_json()))
    there.public.write_bytes(pretty(promise(named, read_marks(here))))
    there.contract_lock.write_bytes(pretty(new_lock(fetched, here, today).to_json()))
    found = detours(normalised, needs)
    write_detours(there, lasting_detours(here, normalised), found)
    return Candidate(there, misfits(normalised, needs), found, absent(normalised, needs))


def promised(normalised: Object, here: Layout) -> Promise:
    """Return what the records of a contract in canonical form would promise, named and marked as
    those of `here`.
    """
    view = generator_view(normalised)
    _, view = _left_out(normalised, view, hazards(view))
    named, _ = _named(view, here)
    return promise(named, read_marks(here))


def _named(view: Object, here: Layout) -> tuple[Object, Names]:
    """Return the view with names and marks, and the names to commit."""
    named, names = assign_names(view, read_names(here))
    return mark(named, read_marks(here)), names


def _left_out(normalised: Object, view: Object, places: Mapping[str, str]) -> tuple[Object, Object]:
    """Both documents without some operations."""
    if not places:
        return normalised, view
    if 2 * len(places) > sum(map(len, view["paths"].values())) + 1:
        # So much is no odd spot of a contract: the generator, its templates or its checks are
        # broken.
        why = listed([f"{place}: {fault}" for place, fault in places.items()]).strip()
        raise StepError("check", "generating loses most operations of the contract", why=why)
    return without(normalised, places), without(view, places)


def _generated(named: Object, here: Layout, package: Path) -> dict[str, str]:
    """Generate the package; the operations that are lost in it, or that the generator fails on."""
    if package.exists():
        shutil.rmtree(package)
    try:
        return lost(named, generate(named, here, package.parent))
    except GeneratorError as error:
        return culprits(named, here, package.parent, error)


def _say_what_is_left_out(normalised: Object, say: Say) -> None:
    left_out = normalised.get(LEFT_OUT, {})
    if not left_out:
        say("generate   done, nothing lost")
        return
    say(
        f"generate   done; warning: left out of the contract: {counted(len(left_out), 'place')} "
        "(client.request reaches what is missing)"
    )
    for place, why in left_out.items():
        say(f"           {place}: {why}")


def read_names(layout: Layout) -> Names:
    """Return the committed names, none when there are none yet."""
    if not layout.names_lock.exists():
        return Names()
    try:
        return Names.from_json(json.loads(layout.names_lock.read_bytes()))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        todo = "restore it from version control"
        raise StepError(
            "name", "openapi/names.lock.json cannot be read", why=repr(error), todo=todo
        ) from None


def _table(layout: Layout) -> bytes:
    return layout.repairs.read_bytes() if layout.repairs.exists() else b"[]"


def _report_raw(raw: Object, say: Say) -> None:
    faults = findings(raw)
    say(f"lint       passes; faults in the raw document, which do not matter here: {len(faults)}")
    for fault in faults[:3]:
        say(f"           {fault}")
