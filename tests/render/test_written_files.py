"""Files that people keep are written whole or not at all, and refused by an error that says what to
do.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ledgerhq_ext import InputError, _file_errors, _files, _paths, render, review

from .packets import packet
from .review_files import REPORT, TABLE

posix = pytest.mark.skipif(
    os.name != "posix", reason="links, modes and users are of another kind here"
)

Write = Callable[[Path], object]
WRITERS: dict[str, Write] = {
    "html": lambda path: render.write_html(packet(), path),
    "pdf": lambda path: render.write_pdf(packet(), path),
    "xlsx": lambda path: render.write_xlsx(packet(), path),
    "decisions": TABLE.write_decisions,
    "report": REPORT.write,
}
every_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def names(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def refused(write: Write, path: Path) -> str:
    """The message of the error that a writer ends with."""
    with pytest.raises(InputError) as caught:
        write(path)
    assert caught.value.outcome == "not_sent"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return str(caught.value)


@every_writer
def test_a_new_file_is_whole_and_alone(write: Write, tmp_path: Path) -> None:
    assert write(tmp_path / "report") == tmp_path / "report"
    first = (tmp_path / "report").read_bytes()
    assert write(str(tmp_path / "report")) == tmp_path / "report"  # type: ignore[arg-type]
    assert (tmp_path / "report").read_bytes() == first
    assert names(tmp_path) == ["report"]


@posix
@every_writer
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_gets_what_the_umask_leaves(write: Write, umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "report")
    finally:
        os.umask(before)
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o666 & ~umask


@posix
@every_writer
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755, 0o444])
def test_a_file_that_is_replaced_keeps_its_mode(write: Write, mode: int, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path)
    assert path.stat().st_mode & 0o7777 == mode
    assert path.read_bytes() != b"old"


@posix
def test_a_private_file_is_never_readable_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")
    path.chmod(0o600)
    modes: list[int] = []
    sync = os.fsync

    def look(handle: int) -> None:
        modes.extend(file.stat().st_mode & 0o777 for file in tmp_path.iterdir())
        sync(handle)

    monkeypatch.setattr(os, "fsync", look)
    TABLE.write_decisions(path)
    assert modes == [0o600, 0o600]


@posix
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away"
)
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")
    os.chown(path, 12_345, 23_456)
    TABLE.write_decisions(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 23_456)


@posix
@every_writer
def test_links_stay_links(write: Write, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    target = tmp_path / "share" / "report"
    target.write_bytes(b"old")
    target.chmod(0o640)
    (tmp_path / "second").symlink_to("share/report")
    (tmp_path / "first").symlink_to(tmp_path / "second")
    write(tmp_path / "first")
    assert (tmp_path / "first").readlink() == tmp_path / "second"
    assert (tmp_path / "second").readlink() == Path("share/report")
    assert not target.is_symlink()
    assert target.read_bytes() != b"old"
    assert target.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path / "share") == ["report"]
    assert names(tmp_path) == ["first", "second", "share"]


@posix
def test_a_link_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "latest").symlink_to(tmp_path / "share" / "report")
    TABLE.write_decisions(tmp_path / "latest")
    assert (tmp_path / "latest").is_symlink()
    assert names(tmp_path / "share") == ["report"]


@posix
def test_a_folder_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to("share")
    TABLE.write_decisions(tmp_path / "link" / "report")
    assert names(tmp_path / "share") == ["report"]


@every_writer
@pytest.mark.parametrize(
    ("place", "advice"),
    [
        ("missing/report", "create it first"),
        ("folder", "give the path of a file in it"),
        ("file/report", "not a folder"),
        ("x" * 300, "shorter"),
        ("a\0b", "NUL"),
    ],
)
def test_places_that_cannot_be_written(
    write: Write, place: str, advice: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    message = refused(write, tmp_path / place)
    assert advice in message
    assert str(tmp_path) in message
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == []


@every_writer
@pytest.mark.parametrize("path", [None, 5, b"report", "", ["report"], sys.stdout])
def test_what_is_no_path(write: Write, path: Any) -> None:
    assert refused(write, path).startswith("path must")


@posix
def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert "loop" in refused(TABLE.write_decisions, tmp_path / "one")
    assert (tmp_path / "one").is_symlink()


@posix
def test_devices_and_pipes_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(os.devnull)
    for path in (tmp_path / "pipe", tmp_path / "link", Path(os.devnull)):
        assert "pipe or a device" in refused(TABLE.write_decisions, path)
    assert (tmp_path / "pipe").is_fifo()
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@every_writer
def test_a_disk_that_fails(
    write: Write, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report").write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    message = refused(write, tmp_path / "report")
    assert str(tmp_path / "report") in message
    assert code not in (errno.ENOSPC, errno.EDQUOT) or "free some space" in message
    assert (tmp_path / "report").read_bytes() == b"old"
    assert names(tmp_path) == ["report"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_has_nothing_to_flush(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    TABLE.write_decisions(tmp_path / "report")
    assert names(tmp_path) == ["report"]


LIMITED = """
import json, resource, signal, sys
from pathlib import Path
from ledgerhq_ext import InputError
from tests.render.test_written_files import WRITERS

# What a full disk is to a write: the system takes a part of it, and refuses the rest.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
errors = {}
for kind, write in WRITERS.items():
    folder = Path(sys.argv[1], kind)
    folder.mkdir()
    write(folder / "report")
    (folder / "report").write_bytes(b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))
    try:
        write(folder / "report")
    except InputError as error:
        errors[kind] = str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(json.dumps(errors))
"""


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Cut the second write of each writer, in one process; return their folder and errors."""
    folder = tmp_path_factory.mktemp("cut")
    return folder, json.loads(python(LIMITED, folder))


@posix
@pytest.mark.parametrize("kind", WRITERS)
def test_a_write_that_the_system_cuts(kind: str, cut: tuple[Path, dict[str, str]]) -> None:
    folder, errors = cut
    assert "maximum size" in errors[kind]
    assert (folder / kind / "report").read_bytes() == b"old"
    assert names(folder / kind) == ["report"]


OTHER_USER = """
import os, sys, tempfile
from pathlib import Path
from tests.render.review_files import TABLE
from ledgerhq_ext import InputError

if os.geteuid() == 0:
    os.seteuid(65534)
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "report").write_bytes(b"old")
    # Without the right to write there, and without the right to look into it.
    for mode in (0o500, 0):
        folder.chmod(mode)
        for path in (folder / "report", folder / "new", folder / "closed" / "report"):
            try:
                TABLE.write_decisions(path)
            except InputError as error:
                print("folder" in str(error) and str(path) in str(error), end=" ")
    folder.chmod(0o700)
    print(sorted(os.listdir(folder)), (folder / "report").read_bytes())
"""


@posix
def test_a_folder_that_this_user_may_not_write_in() -> None:
    assert python(OTHER_USER) == "True True True True True True ['report'] b'old'\n"


# Between opening a file and entering its block nobody is there to close it; the collector does.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@posix
@pytest.mark.parametrize("name", ["html", "decisions"])
def test_ctrl_c_at_any_line(name: str, tmp_path: Path) -> None:
    """Whatever line it comes at: the old file or the new one, whole, and nothing beside it."""
    path = tmp_path / "report"
    write = WRITERS[name]
    write(path)
    new = path.read_bytes()
    outcomes: set[bytes] = set()
    line = 0
    was_interrupted = True
    while was_interrupted:
        line += 1
        path.write_bytes(b"old")
        was_interrupted = interrupted(lambda: write(path), line)
        outcomes.add(path.read_bytes())
        assert names(tmp_path) == ["report"], line
    assert outcomes == {b"old", new}
    assert line > 40


def interrupted(action: Callable[[], object], line: int) -> bool:
    """Run an action, with Ctrl-C at one line of the modules that write; whether there was such a
    line.
    """
    lines = 0
    files = {_files.__file__, _file_errors.__file__, _paths.__file__}

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            lines += 1
            if lines == line:
                sys.settrace(None)
                signal.raise_signal(signal.SIGINT)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.slow
def test_writers_of_one_folder_in_processes(tmp_path: Path) -> None:
    code = """
import sys
from tests.render.review_files import TABLE
for _ in range(50):
    TABLE.write_decisions(sys.argv[1])
"""
    threads = [threading.Thread(target=python, args=(code, tmp_path / "report")) for _ in range(3)]
    for thread in threads:
        thread.start()
    seen: set[bytes] = set()
    while any(thread.is_alive() for thread in threads):
        if (tmp_path / "report").exists():
            seen.add((tmp_path / "report").read_bytes())
    for thread in threads:
        thread.join()
    assert seen <= {("\ufeff" + TABLE.decisions()).encode()}
    assert names(tmp_path) == ["report"]


@posix
class TestHome:
    """``~`` is the user's home, or nothing that anybody can mean."""

    @every_writer
    def test_it_is_expanded(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        assert write(Path("~/report")) == tmp_path / "report"
        assert names(tmp_path) == ["report"]

    @every_writer
    @pytest.mark.parametrize("home", [None, ""])
    def test_a_user_without_one(
        self, write: Write, home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import pwd

        def no_entry(_: object) -> None:
            raise KeyError("getpwuid(): uid not found")

        monkeypatch.setattr(pwd, "getpwuid", no_entry)
        monkeypatch.delenv("HOME")
        if home is not None:
            monkeypatch.setenv("HOME", home)
        monkeypatch.chdir(tmp_path)
        message = refused(write, Path("~/report"))
        assert "~/report" in message
        assert "home" in message
        assert names(tmp_path) == []

    def test_another_user_that_is_not_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert "./~no-such-user" in refused(TABLE.write_decisions, Path("~no-such-user"))
        TABLE.write_decisions("./~report")
        assert names(tmp_path) == ["~report"]

    def test_reading(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        TABLE.write_decisions(tmp_path / "decisions.csv")
        render.write_html(packet(), tmp_path / "packet.html")
        assert review.read_decisions("~/decisions.csv") == ()
        assert render.verify("~/packet.html", packet())


@posix
@pytest.mark.parametrize(
    "name",
    [
        "con",
        "NUL.html",
        "Com1",
        "lpt9.tar.gz",
        "a:b",
        "what?.html",
        "report.",
        "report ",
        "a<b",
        "a\nb",
    ],
)
def test_names_that_windows_keeps(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_files, "_IS_WINDOWS", True)
    assert "Windows" in refused(TABLE.write_decisions, tmp_path / name)
    assert names(tmp_path) == []
    for harmless in ("console.html", "com10", "report v1.2.html", "nul2"):
        TABLE.write_decisions(tmp_path / harmless)


@posix
def test_where_windows_refuses_while_somebody_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    readers = [True, True]

    def refuse_at_first(self: Path, target: Path) -> Path:
        if readers:
            readers.pop()
            raise PermissionError(errno.EACCES, "in use")
        return replace(self, target)

    monkeypatch.setattr(_files, "_IS_WINDOWS", True)
    monkeypatch.setattr(Path, "replace", refuse_at_first)
    TABLE.write_decisions(tmp_path / "report")
    assert names(tmp_path) == ["report"]


def test_names_in_any_script(tmp_path: Path) -> None:
    name = "Bücher 株式会社 🧾.html"
    assert render.write_html(packet(), tmp_path / name).read_text(encoding="utf-8") == render.html(
        packet()
    )


ODD_ENCODINGS = """
import sys
from tests.render.review_files import TABLE
from ledgerhq_ext import InputError
for path in ("Zo\\u00eb", "\\ud800", b"\\xff".decode(sys.getfilesystemencoding(), "surrogateescape")):
    try:
        TABLE.write_decisions(path)
    except InputError as error:
        print(str(error).encode() and "refused")
    else:
        print("written")
"""


@posix
@pytest.mark.parametrize(
    ("variables", "results"),
    [
        (
            {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
            ["refused", "refused", "written"],
        ),
        ({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}, ["written", "refused", "written"]),
    ],
    ids=["ASCII", "UTF-8"],
)
def test_names_and_the_encoding_of_the_system(
    variables: dict[str, str], results: list[str], tmp_path: Path
) -> None:
    assert python(ODD_ENCODINGS, folder=tmp_path, **variables).split() == results


@posix
def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    code = """
import os
from tests.render.review_files import TABLE
from ledgerhq_ext import InputError
os.mkdir("gone")
os.chdir("gone")
os.rmdir("../gone")
try:
    TABLE.write_decisions("report")
except InputError as error:
    print(error)
"""
    assert "report cannot be written" in python(code, folder=tmp_path)


def test_csv_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    for folder in (tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(InputError, match="cannot be written"):
            render.write_csv(packet(), folder)
    wrong: tuple[Any, ...] = (None, b"x", "")
    for other in wrong:
        with pytest.raises(InputError, match="folder must"):
            render.write_csv(packet(), other)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    "make",
    [
        lambda _: render.pdf(packet()),
        lambda _: render.xlsx(packet()),
        lambda path: render.write_xlsx(packet(), path),
    ],
    ids=["pdf", "xlsx", "write_xlsx"],
)
# What the workbook's library leaves open when it fails is collected here, not in another test.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_room_for_temporary_files(
    make: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(InputError, match="TMPDIR"):
        make(tmp_path / "report")
    assert names(tmp_path) == []


@pytest.mark.parametrize("document", ["missing.html", "folder", "x" * 300, "a\0b", "", None, 5])
def test_documents_that_cannot_be_verified(
    document: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError):
        render.verify(document, packet())


def test_a_damaged_workbook_carries_no_seal() -> None:
    data = render.xlsx(packet())
    for at in range(4, len(data), len(data) // 20):
        damaged = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert not render.verify(damaged, packet())
        assert not render.verify(data[:at], packet())


def python(code: str, *arguments: object, folder: Path | None = None, **variables: str) -> str:
    """What code prints in a process of its own, at the root of this checkout unless it is said."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), str(root / "generated"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=folder or root,
        env={**os.environ, "PYTHONPATH": path, **variables},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
