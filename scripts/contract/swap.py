"""Step `swap`: a candidate takes the place of what is there, whole or not at all."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from .errors import StepError
from .layout import Layout


def contents(layout: Layout) -> dict[str, bytes]:
    """Return everything that changes together, by its path."""
    files = [layout.contract, layout.contract_lock, layout.names_lock, layout.public]
    files.append(layout.detours)
    if layout.package.is_dir():
        files += layout.package.rglob("*")

    by_path: dict[str, bytes] = {}
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts:
            by_path[file.relative_to(layout.root).as_posix()] = file.read_bytes()
    return by_path


def swap(new: Layout, old: Layout, aside: Path) -> None:
    """Move the candidate in. What was there waits in `aside`, and comes back if anything goes
    wrong.

    `aside` is the same folder for every run: a second one that met the first one's files half moved
    would take them away. Raises `StepError` while it is there.
    """
    try:
        aside.mkdir()
    except FileExistsError:
        raise StepError(
            "swap",
            "another run is replacing the files, or was killed while it did",
            why=f"{aside} exists, and holds what was there before",
            todo="wait for that run; where there is none, restore openapi/ and generated/ from "
            "version control, and remove that folder",
        ) from None
    moved: list[tuple[Path, Path]] = []
    with _signals_held_back() as signals:
        try:
            for source, target in zip(_parts(new), _parts(old), strict=True):
                _exchange(source, target, aside, moved)
            if signals:
                raise KeyboardInterrupt
        except BaseException:
            _restore(moved)
            shutil.rmtree(aside, ignore_errors=True)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _parts(layout: Layout) -> list[Path]:
    tables = [layout.names_lock, layout.public, layout.detours]
    return [layout.package, *tables, layout.contract_lock, layout.contract]


def _exchange(source: Path, target: Path, aside: Path, moved: list[tuple[Path, Path]]) -> None:
    backup = aside / target.name
    target.parent.mkdir(parents=True, exist_ok=True)
    # First noted, then done: an interruption between the two undoes what was not done.
    moved.append((target, backup))
    if target.exists():
        target.rename(backup)
    else:
        _absence(backup).touch()
    source.rename(target)


def _absence(backup: Path) -> Path:
    """Return the file that says that there was nothing to put aside."""
    return backup.with_name(f"{backup.name}.absent")


def _restore(moved: list[tuple[Path, Path]]) -> None:
    """Put back what stood at each target, the last move first."""
    for target, backup in reversed(moved):
        if _absence(backup).exists():
            # Nothing stood there, so nothing may stay there.
            _remove(target)
        elif backup.exists():
            _remove(target)
            backup.rename(target)
        # Else the move was noted and not begun: the target is as it was.


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _signals_held_back() -> Iterator[list[int]]:
    """Hold back the signals that would end the process, and give those that came.

    The exchange takes a few milliseconds, and is not to be left in the middle.
    """
    signals: list[int] = []

    def hold(number: int, _: FrameType | None) -> None:
        """Note a signal, to be heeded when the exchange is done."""
        signals.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
