import os
import signal
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import swap
from tests.support.checkouts import Checkout


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError("disk full")])
@pytest.mark.parametrize("moves", range(12))
def test_a_fault_in_the_middle_of_the_swap_brings_everything_back(
    candidate: Checkout, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, moves: int, fault: Any
) -> None:
    before = checkout.files()
    rename, count = Path.rename, 0

    def fragile(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == moves + 1:
            raise fault
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fragile)
    checkout.layout.build.mkdir()
    with pytest.raises((KeyboardInterrupt, OSError)):
        swap.swap(candidate.layout, checkout.layout, checkout.layout.build / "aside")
    assert count > moves
    assert checkout.files() == before


@pytest.fixture
def candidate(tmp_path: Path) -> Checkout:
    """Something to swap in, quickly made."""
    made = Checkout(tmp_path / "candidate")
    layout = made.layout
    locks = (layout.contract_lock, layout.names_lock, layout.public, layout.detours)
    for file in (layout.contract, *locks, layout.package / "x.py"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("new")
    return made


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_swap_brings_everything_back(
    candidate: Checkout, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before, rename = checkout.files(), Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), number)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    checkout.layout.build.mkdir()
    with pytest.raises(KeyboardInterrupt):
        swap.swap(candidate.layout, checkout.layout, checkout.layout.build / "aside")
    monkeypatch.undo()
    assert checkout.files() == before


def test_a_first_swap_that_fails_leaves_nothing_behind(
    candidate: Checkout, empty: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = empty.files(), Path.rename

    def fragile(self: Path, target: Path) -> Path:
        if self.name == "openapi.json":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fragile)
    empty.layout.build.mkdir()
    with pytest.raises(OSError, match="disk full"):
        swap.swap(candidate.layout, empty.layout, empty.layout.build / "aside")
    assert empty.files() == before
