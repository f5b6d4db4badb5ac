"""A database file that is a mount point, or has several names: what was committed stands, or the file
is refused.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ledgerhq_ext.store import Store, StoreError

from .support import ORG, purchase, run_python

# Runs in a mount namespace of its own. A container is a folder here, and a kill is SIGKILL.
CONTAINERS = """
import json, os, shutil, subprocess, sys
from pathlib import Path

root = Path(sys.argv[1])
volume = root / "volume" / "books.db"
volume.parent.mkdir()
volume.touch(0o600)
mounted = root / "container-1" / "books.db"
mounted.parent.mkdir()
mounted.touch(0o600)
subprocess.run(["mount", "--bind", str(volume), str(mounted)], check=True)

child = os.fork()
if child == 0:
    from ledgerhq_ext import Purchase, PurchaseLine
    from ledgerhq_ext.store import Store, StoreError

    line = PurchaseLine(account_id="acc_2", amount=100)
    purchase = Purchase(
        txn_date="2026-06-08", payee_name="x", source_account_id="acc_1", lines=[line]
    )
    try:
        outbox = Store(mounted).outbox()
        for number in range(3):
            outbox.add("org_1", purchase, source=("till", str(number)))
    except StoreError as error:
        (root / "refusal").write_text(str(error))
        os._exit(0)
    (root / "added").write_text(str(outbox.status().pending))
    os.kill(os.getpid(), 9)
os.waitpid(child, 0)

# The container goes, and the next one mounts the file again.
subprocess.run(["umount", str(mounted)], check=True)
shutil.rmtree(mounted.parent)

refusal = root / "refusal"
if refusal.exists():
    print(json.dumps({"refusal": refusal.read_text()}))
    sys.exit()

from ledgerhq_ext.store import Store

with Store(volume) as store:
    pending = store.outbox().status().pending
print(json.dumps({"added": int((root / "added").read_text()), "pending": pending}))
"""


def namespace() -> list[str]:
    """Return the command that runs another one where it may mount."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", *user]


def may_mount(folder: Path) -> bool:
    """Return whether this machine lets us mount a file over another one."""
    if not shutil.which("unshare") or not shutil.which("mount"):
        return False
    files = [folder / "one", folder / "other"]
    for file in files:
        file.touch()
    probe = [*namespace(), "mount", "--bind", *map(str, files)]
    return subprocess.run(probe, capture_output=True, check=False, timeout=30).returncode == 0


def test_postings_in_a_mounted_file_outlive_the_container(tmp_path: Path) -> None:
    if not may_mount(tmp_path):
        pytest.skip("this machine lets nobody mount")
    result = json.loads(run_python(CONTAINERS, tmp_path, prefix=namespace()))
    if "refusal" in result:
        assert "mount" in result["refusal"]
    else:
        assert result == {"added": 3, "pending": 3}


def test_a_file_with_two_names_is_refused(tmp_path: Path) -> None:
    """By its other name, what stands in the log beside it would be missing."""
    path = tmp_path / "books.db"
    other = tmp_path / "other.db"
    with Store(path) as store:
        store.outbox().add(ORG, purchase(), source=("till", "1"))
    other.hardlink_to(path)
    for name in (path, other):
        with pytest.raises(StoreError, match="hard links"):
            Store(name).outbox().status()

    other.unlink()
    with Store(path) as store:
        assert store.outbox().status().pending == 1
