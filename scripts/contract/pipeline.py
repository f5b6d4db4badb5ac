"""All the steps from a fetched document to a candidate that could take the place of what is committed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from .errors import StepError
from .generate import generate
from .hazards import check_hazards
from .layout import Layout
from .lint import findings, lint
from .lock import new_lock
from .marks import mark, read_marks
from .names import Names
from .naming import assign_names
from .normalise import normalise
from .pointers import Object, pretty
from .repair import load_repairs, repair
from .seam import Misfit, Need, misfits
from .source import Fetched, parse
from .verify import verify
from .view import generator_view

Say = Callable[[str], None]


@dataclass(frozen=True)
class Candidate:
    """A complete set of contract, locks and generated code, and where the layer does not fit it."""

    layout: Layout
    misfits: list[Misfit]


def understand(fetched: Fetched, layout: Layout, say: Say) -> Object:
    """Read, repair, normalise and lint: what the generator and the drift check both start from."""
    raw = parse(fetched.content)
    say(f"read       {len(fetched.content):,} bytes, {fetched.origin}")
    repaired, warnings = repair(raw, load_repairs(_table(layout)))
    for warning in warnings:
        say(f"repair     warning: {warning}")
    normalised = normalise(repaired)
    say(f"normalise  {sum(map(len, normalised['paths'].values()))} operations")
    lint(normalised)
    _report_raw(raw, say)
    return normalised


def make_candidate(
    fetched: Fetched, here: Layout, there: Layout, today: date, needs: Sequence[Need], say: Say
) -> Candidate:
    """Build everything that `fetched` gives into `there`, with the settings and locks of `here`."""
    normalised = understand(fetched, here, say)
    named, names = assign_names(generator_view(normalised), read_names(here))
    say(f"name       {len(names.shapes)} classes")
    check_hazards(named)
    named = mark(named, read_marks(here))
    there.package.parent.mkdir(parents=True)
    verify(named, generate(named, here, there.package.parent))
    say("generate   done, nothing lost")
    there.openapi.mkdir()
    there.contract.write_bytes(fetched.content)
    there.names_lock.write_bytes(pretty(names.to_json()))
    there.contract_lock.write_bytes(pretty(new_lock(fetched, here, today).to_json()))
    return Candidate(there, misfits(normalised, needs))


def read_names(layout: Layout) -> Names:
    """The committed names, none when there are none yet."""
    if not layout.names_lock.exists():
        return Names()
    try:
        return Names.from_json(json.loads(layout.names_lock.read_bytes()))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        todo = "take it from version control again"
        raise StepError("name", "openapi/names.lock.json cannot be read", why=repr(error), todo=todo) from None


def _table(layout: Layout) -> bytes:
    return layout.repairs.read_bytes() if layout.repairs.exists() else b"[]"


def _report_raw(raw: Object, say: Say) -> None:
    found = findings(raw)
    say(f"lint       passes; faults in the raw document, which do not matter here: {len(found)}")
    for fault in found[:3]:
        say(f"           {fault}")
