"""Regenerate the raw client from the live contract, or from another one.

Run as `python -m scripts.regenerate [PATH_OR_URL] [--accept misfit|promise]`.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

from .contract.detours import Detour, detour_rows, read_detours, write_detours
from .contract.errors import StepError
from .contract.layout import ROOT, Layout
from .contract.misfit_table import table
from .contract.pipeline import Candidate, Say, make_candidate
from .contract.promise import Change, changes, read_promise
from .contract.seam import LAYER, Need, load_needs
from .contract.source import LIVE_CONTRACT, fetch
from .contract.swap import contents, swap
from .contract.text import counted
from .contract.version import next_version, part_to_raise, raise_version, released_version
from .drift.editing import editing
from .drift.judge import judge
from .output import accept_any_text, say
from .type_check import complaints

FAILED = 1
MISFIT = 3
INTERRUPTED = 130


def regenerate(
    source: str,
    layout: Layout,
    *,
    needs: Sequence[Need],
    today: date,
    accept_misfit: bool = False,
    accept_promise: bool = False,
    say: Say = print,
) -> int:
    """Take the contract at `source`. Either everything of it is in place afterwards, or nothing has
    changed.
    """
    fetched = fetch(source)
    layout.build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="regenerate-", dir=layout.build) as folder:
        work = Path(folder)
        candidate = make_candidate(fetched, layout, Layout(work / "candidate"), today, needs, say)
        broken, detours = judge(fetched, layout, needs, candidate.misfits)
        rows = [*candidate.misfits, *broken]
        # Told of a contract that is refused, too: what is left to mend is one picture.
        _take_detours(candidate, detours, say)
        changed = _changed_files(candidate, layout)
        is_new_code = any(name.endswith(".py") for name in changed)
        if not rows and needs and is_new_code:
            rows = complaints(candidate.layout.package, layout.root)
        if rows:
            things = counted(len(rows), "thing that is", "things that are")
            say(f"seam       the layer needs {things} not there\n")
            say(table(rows, editing(needs)) + "\n")
            if not accept_misfit:
                return _leave(candidate, layout, say, accept="misfit")
        elif needs:
            number = len(needs) - len(candidate.absent)
            operations = counted(
                number, "operation of the layer needs", "operations of the layer need"
            )
            say(f"seam       fits what {operations}")
        for each in candidate.absent:
            say(f"optional   not in the contract: {each.operation} ({each.method} {each.path})")
        promises = _promise_changes(candidate, layout)
        is_broken = any(change.is_broken for change in promises)
        _say_changes(promises, layout, say)
        if is_broken and not accept_promise:
            return _leave(candidate, layout, say, accept="promise")
        _put_in_place(candidate, layout, changed, say)
        if is_broken:
            _raise_version(promises, layout, say)
    return 0


def _take_detours(candidate: Candidate, detours: Sequence[Detour], say: Say) -> None:
    """Lead the layer to the routes that fit, where others of the same operations do not."""
    known = {each.route for each in candidate.detours}
    more = [each for each in detours if each.route not in known]
    if more:
        lasting = read_detours(candidate.layout)
        lasting.update({each.route: each.why for each in more})
        write_detours(candidate.layout, lasting, candidate.detours)
    every = [*candidate.detours, *more]
    if every:
        say(f"detours    routes that do not fit: {len(every)}; the layer goes by the others\n")
        say(table(detour_rows(every)) + "\n")


def _promise_changes(candidate: Candidate, layout: Layout) -> list[Change]:
    """Return what the records of a candidate promise that those in place do not, and no longer."""
    before = read_promise(layout)
    return changes(before, read_promise(candidate.layout) or {}) if before is not None else []


def _say_changes(changes: Sequence[Change], layout: Layout, say: Say) -> None:
    if not changes:
        return
    broken = [change for change in changes if change.is_broken]
    line = counted(len(changes), "addition")
    if broken:
        what = "of the layer's records"
        promises = counted(len(broken), f"promise {what} is", f"promises {what} are")
        line = f"{promises} broken"
    released = released_version(layout)
    if released is not None:
        part = part_to_raise(released, changes)
        next_one = next_version(released, changes)
        line += f"; asks for version {next_one}, after {released} (the {part} part)"
    say(f"promise    {line}")
    for change in changes:
        say(f"           {change}")


def _raise_version(changes: Sequence[Change], layout: Layout, say: Say) -> None:
    """Set the version that a broken promise asks for: whoever accepts it has decided that."""
    version = raise_version(layout, changes)
    if version is not None:
        say(
            f"version    {version} in ledgerhq_ext/_version.py; name what is broken in CHANGELOG.md"
        )


def _changed_files(candidate: Candidate, layout: Layout) -> list[str]:
    """Return the names of the files that differ from those that are there."""
    before = contents(layout)
    after = contents(candidate.layout)
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


def _leave(candidate: Candidate, layout: Layout, say: Say, *, accept: str) -> int:
    _drop_old_candidate(layout)
    shutil.move(candidate.layout.root, layout.build / "regenerate")
    say(
        "Nothing was changed. The candidate is in build/regenerate/. Mend the layer, or take it on "
        "purpose:"
    )
    say(f"  make regenerate CONTRACT=build/regenerate/openapi/openapi.json ACCEPT={accept}")
    return MISFIT


def _put_in_place(candidate: Candidate, layout: Layout, changed: Sequence[str], say: Say) -> None:
    if changed:
        swap(candidate.layout, layout, layout.build / "aside")
    _drop_old_candidate(layout)
    what = f"{counted(len(changed), 'file')} changed" if changed else "nothing to change"
    say(f"swap       {what}")


def _drop_old_candidate(layout: Layout) -> None:
    shutil.rmtree(layout.build / "regenerate", ignore_errors=True)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.regenerate", description=__doc__)
    parser.add_argument(
        "source", nargs="?", default=LIVE_CONTRACT, help="path or URL of the contract"
    )
    parser.add_argument(
        "--accept",
        choices=["misfit", "promise"],
        help="take the contract although the layer does not fit it, or breaks a promise",
    )
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    accept_any_text()
    layout = Layout(root)
    before = contents(layout)
    try:
        return _run(options.source, layout, accept=options.accept)
    except (StepError, OSError) as error:
        print(f"regenerate failed, {_outcome(before, layout)}\n{error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(f"regenerate was interrupted, {_outcome(before, layout)}", file=sys.stderr)
        return INTERRUPTED


def _outcome(before: Mapping[str, bytes], layout: Layout) -> str:
    """Return in words whether a run that did not come to its end has changed anything."""
    if contents(layout) == before:
        return "nothing was changed"
    return "but the files have changed: run it again, or restore them from version control"


def _run(source: str, layout: Layout, *, accept: str | None) -> int:
    needs = load_needs()
    if needs is None:
        say(f"seam       not checked: there is no {LAYER} yet")
    today = datetime.now(UTC).date()
    return regenerate(
        source,
        layout,
        needs=needs or (),
        today=today,
        # Whoever takes a misfit has read what it breaks.
        accept_misfit=accept == "misfit",
        accept_promise=accept is not None,
        say=say,
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
