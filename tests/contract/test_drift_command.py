"""The command: its exit status, what it prints and what it leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.layout import ROOT
from scripts.drift import __main__ as command
from scripts.drift.__main__ import main
from scripts.drift.escape import code, command_property, command_text, plain
from scripts.drift.report import MOST_MARKDOWN
from tests.support.contracts import STRING, answer, document, small

HOSTILE = "a`b``c\r\n::set-output name=x::y\n::error::z%0A%25 <script>*b*_c_|d [x](http://e) @all #1 \x1b[31m\u202e-->"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A checkout with the small contract vendored."""
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "openapi.json").write_text(json.dumps(small()))
    return tmp_path


def run(here: Path, contract: Any, *more: str) -> int:
    file = here / "new.json"
    file.write_text(contract if isinstance(contract, str) else json.dumps(contract))
    return main([str(file), *more], root=here)


def report(here: Path) -> Any:
    return json.loads((here / "build" / "drift" / "report.json").read_bytes())


def same() -> dict[str, Any]:
    return {**small(), "info": {"title": "x", "version": "99"}}


def additive() -> dict[str, Any]:
    contract = small()
    contract["components"]["schemas"]["Account"]["properties"]["fresh"] = {"type": "string"}
    return contract


def breaking() -> dict[str, Any]:
    contract = small()
    del contract["paths"]["/api/oauth/token"]
    return contract


@pytest.mark.parametrize(
    ("contract", "status", "level"),
    [(same, 0, "same"), (additive, 1, "info"), (breaking, 2, "breaking")],
)
def test_the_status_is_the_level(
    here: Path, contract: Callable[[], Any], status: int, level: str
) -> None:
    assert run(here, contract()) == status
    written = report(here)
    assert (written["status"], written["level"]) == (status, level)


def test_a_finding_says_everything(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(here, breaking(), "--format", "json") == 2
    printed = json.loads(capsys.readouterr().out)
    assert printed == report(here)
    assert printed["findings"] == [
        {
            "level": "breaking",
            "rule": "operation-removed",
            "route": "POST /api/oauth/token",
            "routes": ["POST /api/oauth/token"],
            "places": [],
            "pointer": "/paths/~1api~1oauth~1token/post",
            "before": "POST /api/oauth/token",
            "after": "",
            "touches": ["LedgerHQ.connect"],
        }
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<html>", "is not JSON"),
        ("[]", "not an OpenAPI 3 document"),
        ('{"swagger": "2.0"}', "not an OpenAPI 3 document"),
        ('{"openapi": "3.1.0", "paths": {"/a": {"get": {"$ref": "#/x"}}}}', "leads nowhere"),
        (json.dumps(small() | {"paths": {"/a": 7}}), "not have the form"),
        ('{"openapi": "3.1.0", "paths": {"/a": {"get": 7}}}', "no operations|AttributeError|not have the form|TypeError"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], source: str, why: str
) -> None:
    assert run(here, source) == 3
    failed(here, capsys, why)


def failed(here: Path, capsys: pytest.CaptureFixture[str], why: str) -> None:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert any(word in err for word in why.split("|")), err
    assert report(here)["level"] == "failed", "an older report must not be taken for this one"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["http://127.0.0.1:9/openapi.json"], "cannot fetch"),
        (["ftp://example.com/x"], "cannot read"),
        (["no/such/file.json"], "give the path or URL of another one"),
        (["--format", "pdf"], "invalid choice"),
        (["a", "b"], "unrecognized arguments"),
    ],
)
def test_no_network_no_file_and_wrong_usage(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert run(here, additive()) == 1
    capsys.readouterr()
    assert main(arguments, root=here) == 3
    failed(here, capsys, why)


@pytest.mark.parametrize(
    "error", [RuntimeError("two\nlines"), RecursionError("deep"), KeyboardInterrupt()]
)
def test_any_exception_is_status_3(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    def explode(*_: object) -> None:
        raise error

    monkeypatch.setattr(command, "compare", explode)
    assert run(here, additive()) == 3
    failed(here, capsys, type(error).__name__)


def test_without_a_vendored_contract_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert run(tmp_path, additive()) == 3


def test_a_fault_of_the_vendored_contract_is_told_as_that(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "openapi" / "openapi.json").write_text("{}")
    assert run(here, additive()) == 3
    failed(here, capsys, "openapi/openapi.json itself: ")


def test_repairs_are_made_on_both_sides(here: Path) -> None:
    pointer = "/components/schemas/Account/properties/balance/type"
    rows = [
        {
            "pointer": pointer,
            "expect": "integer",
            "value": "number",
            "reason": "they send fractions",
        }
    ]
    (here / "openapi" / "repairs.json").write_text(json.dumps(rows))
    contract = small()
    contract["components"]["schemas"]["Account"]["properties"]["balance"]["type"] = "number"
    assert run(here, contract) == 0
    assert "no longer needed" in report(here)["repairs"][0]


MAIN = """
import pathlib, sys
from scripts.drift.__main__ import main
sys.exit(main(sys.argv[2:], pathlib.Path(sys.argv[1])))
"""


def test_as_a_process(here: Path) -> None:
    command = [sys.executable, "-c", MAIN, str(here), "--format", "nothing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1


def test_a_reader_who_has_seen_enough_changes_nothing(here: Path) -> None:
    (here / "new.json").write_text(json.dumps(breaking()))
    command = [
        "bash",
        "-o",
        "pipefail",
        "-c",
        '"$@" | true',
        "-",
        sys.executable,
        "-c",
        MAIN,
        str(here),
        str(here / "new.json"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert report(here)["level"] == "breaking"


@pytest.mark.parametrize(
    "form",
    [
        "text",
        *(pytest.param(form, marks=pytest.mark.slow) for form in ("markdown", "github", "json")),
    ],
)
def test_the_locale_changes_nothing(here: Path, form: str) -> None:
    contract = breaking()
    contract["paths"]["/api/v1/b\u00fccher"] = {"get": {"responses": {"200": {"description": ""}}}}
    (here / "new.json").write_text(json.dumps(contract), encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", MAIN, str(here), str(here / "new.json"), "--format", form]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="ascii", env=environment)
    assert (done.returncode, done.stderr) == (2, "")
    assert "b\\xfccher" in done.stdout or "b\\u00fccher" in done.stdout
    assert "b\u00fccher" in (here / "build" / "drift" / "report.md").read_text(encoding="utf-8")


def test_a_report_is_replaced_as_a_whole(here: Path) -> None:
    folder = here / "build" / "drift"
    run(here, breaking())
    run(here, same())
    assert sorted(path.name for path in folder.iterdir()) == ["report.json", "report.md"]


def hostile() -> dict[str, Any]:
    contract = small()
    account = contract["components"]["schemas"]["Account"]
    account["properties"][HOSTILE] = {"type": "string", "pattern": HOSTILE}
    contract["components"]["schemas"]["AccountType"]["enum"].append(HOSTILE)
    contract["paths"][f"/api/v1/x{HOSTILE}".replace("/s", "s")] = {
        "get": {"responses": {"200": {"description": ""}}}
    }
    del contract["paths"]["/api/oauth/token"]
    return contract


def test_github_gets_one_command_for_each_finding(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(here, hostile(), "--format", "github") == 2
    *lines, last = capsys.readouterr().out.splitlines()
    assert last.startswith("drift: breaking")
    assert len(lines) == len(report(here)["findings"]) >= 4
    for line in lines:
        name, _, rest = line.removeprefix("::").partition(" ")
        properties, _, text = rest.partition("::")
        assert name in ("error", "warning", "notice")
        assert properties.startswith("file=openapi/openapi.json,title=")
        assert (properties.count(","), properties.count(":")) == (1, 0)
        assert "%0A" not in text.replace("%250A", "")
        assert text.isprintable()


def test_markdown_holds_contract_text_in_code_spans_only(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(here, hostile(), "--format", "markdown") == 2
    printed = capsys.readouterr().out
    assert (here / "build" / "drift" / "report.md").read_text() == printed
    outside = "".join(map(outside_code, printed.splitlines()))
    for word in ("script", "@all", "#1", "http", "set-output", "\x1b", "\u202e", "*b*", "-->"):
        assert word not in outside, word
    assert "@all" in printed


def outside_code(line: str) -> str:
    """What CommonMark would not show as code: a span ends at the next run of as many backticks."""
    kept, at = "", 0
    while at < len(line):
        if line[at] != "`":
            kept, at = kept + line[at], at + 1
            continue
        length = len(line[at:]) - len(line[at:].lstrip("`"))
        runs = [at + length]
        end = next((i for i in closing(line, runs[0], length)), None)
        if end is None:
            return kept + line[at:]
        at = end + length
    return kept


def closing(line: str, start: int, length: int) -> list[int]:
    found, at = [], start
    while at < len(line):
        if line[at] != "`":
            at += 1
            continue
        run = len(line[at:]) - len(line[at:].lstrip("`"))
        found += [at] if run == length else []
        at += run
    return found


def test_text_shows_what_would_not_show(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(here, hostile())
    printed = capsys.readouterr().out
    assert all(line.isprintable() for line in printed.splitlines())
    assert not any(line.lstrip().startswith("::") for line in printed.splitlines())


def test_a_long_report_is_cut_for_a_pull_request(here: Path) -> None:
    contract = small()
    for number in range(2000):
        contract["components"]["schemas"]["Account"]["properties"][f"fresh{number}"] = {
            "type": "string"
        }
    run(here, contract)
    written = (here / "build" / "drift" / "report.md").read_text()
    assert len(written.encode()) < MOST_MARKDOWN + 200
    assert "more lines are in report.json" in written
    assert len(report(here)["findings"]) == 2000


@pytest.mark.parametrize("text", [HOSTILE, "", "`", "``` x", " a ", "plain"])
def test_escaping(text: str) -> None:
    assert plain(text).isprintable()
    assert outside_code(f"x {code(text)} y") in ("x  y", "x nothing y")
    assert "\n" not in command_text(text)
    assert not set(command_property(text)) & {":", ",", "\n", "\r"}
    assert command_text("100%\n") == "100%25 "


def test_any_two_documents_are_compared(
    here: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(document({"/x": {"get": {"responses": answer(STRING)}}})))
    more = {"/x": {"get": {"responses": answer(STRING)}}, "/y": {"get": {"responses": {}}}}
    new.write_text(json.dumps(document(more)))
    assert main([str(new), "--base", str(old), "--format", "json"], here) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [finding["rule"] for finding in printed["findings"]] == ["operation-added"]
    assert printed["misfits"] == []


def test_a_fault_of_drift_is_not_said_to_be_the_contracts(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("ours")

    monkeypatch.setattr(command, "compare", broken)
    assert run(here, small()) == 3
    assert "says nothing about the contract: TypeError: ours" in capsys.readouterr().err
