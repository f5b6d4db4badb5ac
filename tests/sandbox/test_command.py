from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
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
    [
        (["--host", "0.0.0.0"], "loopback"),
        (
            ["--contract", "nowhere.json"],
            "error: cannot use nowhere.json as the contract: ",
        ),
        (["--contract", "folder"], "error: cannot use folder as the contract: "),
        (["--contract", "latin.json"], "not JSON in UTF-8"),
        (["--contract", "half.json"], "not JSON in UTF-8"),
        (["--contract", "deep.json"], "not JSON in UTF-8"),
        (["--contract", "list.json"], "not an OpenAPI document"),
        (["--contract", "paths.json"], "not an OpenAPI document"),
        (["--contract", "odd.json"], "not a valid OpenAPI document"),
        (["--state", "folder"], "folder as the state"),
        (["--state", "missing/box.db"], "missing/box.db as the state"),
        (["--state", "latin.json"], "not a database"),
        (["--state", "x" * 300], "as the state"),
    ],
)
def test_bad_usage_is_one_line_and_a_status(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    files = {"latin": b"\xff" * 4_096, "half": b"{", "deep": b"[" * 100_000, "list": b"[]"}
    files |= {"paths": b'{"paths": 5}', "odd": b'{"paths": {"/x": 5}}'}
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_bytes(content)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert complaint in said.err
    assert said.err.count("\n") == 1


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"error: cannot listen on port {port} of 127.0.0.1")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--now", "2026-06-30"], "time zone"),
        (["--now", "tomorrow"], "'tomorrow' is not a valid time"),
        (["--now", "9999-12-31T23:59:59Z"], "not between"),
        (["--now", "0001-01-01T00:00:00Z"], "not between"),
        (["--port", "65536"], "from 0 to 65535"),
        (["--port", "-1"], "from 0 to 65535"),
        (["--port", "9" * 5_000], "from 0 to 65535"),
        (["--access-token-lifetime", "nan"], "greater than 0"),
        (["--access-token-lifetime", "1e400"], "greater than 0"),
        (["--refresh-token-lifetime", "0"], "greater than 0"),
        (["--refresh-token-lifetime", "soon"], "greater than 0"),
        (["--state", "~no-such-user/box.db"], "home directory"),
        (["--state", ""], "not a valid file name"),
        (["--contract", "~no-such-user/openapi.json"], "home directory"),
        (["--seed", "x"], "--seed"),
        (["--frozen", "more"], "unrecognized"),
    ],
)
def test_wrong_arguments_are_named(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert complaint in said.err
    assert said.out == ""


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert f"port {port} of 127.0.0.1" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install() -> None:
    program = """
import importlib.util, runpy, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "uvicorn" else found(name, *more)
sys.argv = ["sandbox"]
runpy.run_module("ledgerhq_ext.sandbox", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == "error: the sandbox needs uvicorn: pip install 'ledgerhq-ext[sandbox]'\n"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("redirection", [">&-", "2>&- >&-", "| true"])
def test_it_serves_although_nobody_reads_what_it_prints(
    tmp_path: Path, http: httpx.Client, redirection: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    run = f"{shlex.quote(sys.executable)} -m ledgerhq_ext.sandbox --port {port}"
    # The pipe's reader is gone before anything is printed; the shell gives the sandbox's id and
    # status.
    script = f"{{ {run} 2>>{log} & echo $! >{tmp_path}/pid; wait $!; echo $? >{tmp_path}/status; }} {redirection}"
    shell = subprocess.Popen(
        ["bash", "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        served = False
        for _ in range(600):
            try:
                served = http.get(f"http://127.0.0.1:{port}/api/health").status_code < 500
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        assert served
    finally:
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), signal.SIGTERM)
        shell.wait(30)
    assert (tmp_path / "status").read_text(encoding="utf-8") == "0\n"
    assert log.read_text(encoding="utf-8") == ""


def test_what_it_prints_fits_any_encoding() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from ledgerhq_ext.sandbox.__main__ import _say; _say('Zo\\u00eb', "
            "sys.stdout)",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
    )
    out, errors = process.communicate(timeout=60)
    assert (out.strip(), errors) == (b"Zo\\xeb", b"")
