"""A script written for the client that the generator makes of itself runs on ours, in a process
without the layer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.companies import World
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def test_a_script_for_the_stock_client_runs(maple: World) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.flows.stock_script"]
    arguments = [maple.box.url, maple.box.access_token(), maple.org]
    done = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert len(maple.postings()) == 1
