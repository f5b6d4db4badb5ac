"""Where documents are written: through links, over other files, by several writers at once."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ledgerhq_ext import FinancialPacket, LedgerHQError, render

from .support import entry_lines, packet

Write = Callable[[FinancialPacket, Path], object]
WRITERS: dict[str, Write] = {
    "html": render.write_html,
    "pdf": render.write_pdf,
    "xlsx": render.write_xlsx,
}
ROUNDS = 40
LEDGER = entry_lines() * 150

posix = pytest.mark.skipif(os.name != "posix", reason="links and modes are of another kind here")
parametrize_writers = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@posix
@parametrize_writers
def test_a_link_stays_and_its_target_gets_the_document(write: Write, tmp_path: Path) -> None:
    target = tmp_path / "share" / "report"
    target.parent.mkdir()
    target.write_text("old")
    link = tmp_path / "latest"
    link.symlink_to(target)
    write(packet(), link)
    assert link.is_symlink()
    assert target.read_bytes() != b"old"


@posix
@parametrize_writers
def test_the_folder_that_a_link_leads_to_is_named(write: Write, tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(tmp_path / "share" / "report")
    with pytest.raises(LedgerHQError) as caught:
        write(packet(), link)
    assert f"the folder {tmp_path / 'share'} does not exist" in str(caught.value)
    link.parent.joinpath("share").mkdir()
    write(packet(), link)
    assert link.is_symlink()


@posix
@parametrize_writers
def test_the_mode_of_the_file_that_is_replaced(write: Write, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    file.chmod(0o600)
    write(packet(), file)
    assert file.read_bytes() != b"old"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a b%20c?d#e.html", marks=posix, id="signs of an address"),
        pytest.param("Bücher 株式会社 🧾.html", id="many scripts"),
        pytest.param("x" * 245 + ".html", id="250 characters", marks=posix),
    ],
)
def test_a_name_that_the_system_allows(name: str, tmp_path: Path) -> None:
    error = error_of(lambda: render.write_html(packet(), tmp_path / name))
    assert error is None
    assert (tmp_path / name).read_text(encoding="utf-8") == render.html(packet())


# What a library leaves open when it fails is collected here, not in another test.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@parametrize_writers
@pytest.mark.parametrize("place", ["missing/report", "share"])
def test_a_place_that_cannot_be_written(write: Write, place: str, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    path = tmp_path / place
    error = error_of(lambda: write(packet(), path))
    gc.collect()
    assert isinstance(error, LedgerHQError)
    assert str(path) in str(error)


@pytest.fixture
def frequent_switches() -> Iterator[None]:
    """Let threads take turns so often that none writes a whole document in one turn."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.slow
@pytest.mark.usefixtures("frequent_switches")
def test_two_writers_of_one_document(tmp_path: Path) -> None:
    companies = ("Maple Street Coffee", "Harbor Bike Repair Ltd")
    packets = [packet(organization_name=name, ledger=LEDGER) for name in companies]
    documents = [render.html(one).encode() for one in packets]
    path = tmp_path / "packet.html"
    for _ in range(ROUNDS):
        writers = [lambda one=one: render.write_html(one, path) for one in packets]
        assert errors_of(writers) == []
        assert path.read_bytes() in documents


@pytest.mark.slow
@pytest.mark.usefixtures("frequent_switches")
def test_four_writers_of_one_folder(tmp_path: Path) -> None:
    whole = packet(ledger=LEDGER)
    for _ in range(ROUNDS):
        writers = [lambda: render.write_csv(whole, tmp_path)] * 4
        assert errors_of(writers) == []
    ledger = (tmp_path / "general-ledger.csv").read_text(encoding="utf-8-sig")
    assert ledger.splitlines() == render.csv(whole, "general-ledger").splitlines()


def error_of(action: Callable[[], object]) -> Exception | None:
    """Return what an action raises, if anything."""
    try:
        action()
    except Exception as error:
        # Without the frames, which would keep files open.
        return error.with_traceback(None)
    return None


def errors_of(actions: Sequence[Callable[[], object]]) -> list[Exception]:
    """Return what actions raise that begin at the same time, each in a thread of its own."""
    errors: list[Exception] = []
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        start.wait()
        error = error_of(action)
        if error is not None:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
