from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from ledgerhq_ext.sandbox.__main__ import main
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ledgerhq_ext.sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_how_to_use_it_and_stops_cleanly(
    tmp_path: Path, http: httpx.Client, number: signal.Signals
) -> None:
    process = command("--state", str(tmp_path / "box.db"), "--auto-approve", "--seed", "1")
    assert process.stdout
    said = ""
    while "LEDGERHQ_API_KEY" not in said:
        line = process.stdout.readline()
        assert line, "it ended early"
        said += line
    url = re.search(r"LEDGERHQ_BASE_URL=(\S+)", said)
    company = re.search(r"Maple Street Coffee\s+USD\s+(\S+)\n\s+API key (\S+)", said)
    assert url
    assert company
    headers = {"authorization": f"Bearer {company[2]}", "x-organization-id": company[1]}
    assert http.get(url[1] + "/api/v1/accounts", headers=headers).status_code == 200
    process.send_signal(number)
    rest, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    assert "Traceback" not in rest


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["--host", "0.0.0.0"], "loopback"), (["--contract", "nowhere.json"], "nowhere.json")],
)
def test_bad_usage_is_one_line_and_a_status(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert complaint in said.err
    assert said.err.count("\n") == 1


def test_the_clock_needs_a_time_zone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--now", "2026-06-30"])
    assert "time zone" in capsys.readouterr().err
