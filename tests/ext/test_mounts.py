"""Files that are mounted alone, as one file of a container may be: what is written beside them does
not stay.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledgerhq_ext import _mounts
from ledgerhq_ext._mounts import is_mounted_alone

# In a mount namespace of its own: the file alone, a link to it, and a folder with its file.
MOUNTS = """
import subprocess, sys
from pathlib import Path
from ledgerhq_ext._mounts import is_mounted_alone

root = Path(sys.argv[1])
for name in ("volume", "alone", "whole"):
    (root / name).mkdir()
(root / "volume" / "books.db").touch()
(root / "alone" / "books.db").touch()
subprocess.run(["mount", "--bind", root / "volume" / "books.db", root / "alone" / "books.db"], check=True)
subprocess.run(["mount", "--bind", root / "volume", root / "whole"], check=True)
(root / "link").symlink_to(root / "alone" / "books.db")
print(*(is_mounted_alone(root / name) for name in ("alone/books.db", "link", "whole/books.db", "volume/books.db")))
"""


def test_an_ordinary_file_and_a_link_to_one(tmp_path: Path) -> None:
    file = tmp_path / "books.db"
    file.touch()
    link = tmp_path / "link.db"
    link.symlink_to(file)
    assert not is_mounted_alone(file)
    assert not is_mounted_alone(link)
    with pytest.raises(FileNotFoundError):
        is_mounted_alone(tmp_path / "none.db")


@pytest.mark.skipif(not shutil.which("unshare"), reason="nothing to mount with")
def test_a_file_that_is_mounted_and_a_folder_that_is(tmp_path: Path) -> None:
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *user, sys.executable, "-c", MOUNTS, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if result.returncode != 0:
        pytest.skip("this machine lets nobody mount")
    assert result.stdout.split() == ["True", "True", "False", "False"]


def test_mounts_are_told_apart_by_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device may be one and the same (a bind mount), or differ in one folder (a layered file
    system).
    """
    file = tmp_path / "books.db"
    file.touch()
    ids = {file: "31", tmp_path: "27"}
    monkeypatch.setattr(_mounts, "_mount_of", lambda path: ids[path])
    assert is_mounted_alone(file)
    ids[tmp_path] = "31"
    assert not is_mounted_alone(file)


def test_where_the_system_names_no_mounts_the_device_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "books.db"
    file.touch()
    monkeypatch.setattr(_mounts, "_FDINFO", tmp_path)
    assert not is_mounted_alone(file)

    stat = Path.stat

    def stat_of_another_device(path: Path, **keywords: bool) -> os.stat_result:
        status = stat(path, **keywords)
        if path != file:
            return status
        values = list(status)
        values[2] += 1
        return os.stat_result(values)

    monkeypatch.setattr(Path, "stat", stat_of_another_device)
    assert is_mounted_alone(file)
