"""Step `swap`: a candidate takes the place of what is there, whole or not at all."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from .layout import Layout


def contents(layout: Layout) -> dict[str, bytes]:
    """Everything that changes together, by its path."""
    files = [layout.contract, layout.contract_lock, layout.names_lock, layout.public]
    if layout.package.is_dir():
        files += [
            file
            for file in layout.package.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        ]
    return {
        file.relative_to(layout.root).as_posix(): file.read_bytes()
        for file in files
        if file.is_file()
    }


def swap(new: Layout, old: Layout, aside: Path) -> None:
    """Move the candidate in. What was there waits in `aside`, and comes back if anything goes
    wrong.
    """
    aside.mkdir()
    moved: list[tuple[Path, Path]] = []
    with _signals_held_back() as held:
        try:
            for source, target in zip(_parts(new), _parts(old), strict=True):
                _exchange(source, target, aside, moved)
            if held:
                raise KeyboardInterrupt
        except BaseException:
            _restore(moved)
            raise


def _parts(layout: Layout) -> list[Path]:
    return [layout.package, layout.names_lock, layout.public, layout.contract_lock, layout.contract]


def _exchange(source: Path, target: Path, aside: Path, moved: list[tuple[Path, Path]]) -> None:
    kept = aside / target.name
    target.parent.mkdir(parents=True, exist_ok=True)
    there = target.exists()
    moved.append((target, kept))
    if there:
        target.rename(kept)
    else:
        kept.with_name(f"{kept.name}.absent").touch()
    source.rename(target)


def _restore(moved: list[tuple[Path, Path]]) -> None:
    for target, kept in reversed(moved):
        was_absent = kept.with_name(f"{kept.name}.absent").exists()
        if kept.exists() or was_absent:
            _remove(target)
        if kept.exists():
            kept.rename(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _signals_held_back() -> Iterator[list[int]]:
    """Signals that would end the process wait for the few milliseconds that this takes."""
    held: list[int] = []

    def hold(number: int, _: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
