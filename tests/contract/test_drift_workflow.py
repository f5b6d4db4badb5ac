"""The workflow: it is YAML, and the jobs that may write run nothing made from the contract."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from scripts.contract.layout import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
JOBS: dict[str, Any] = YAML(typ="safe").load(
    (WORKFLOWS / "contract-drift.yml").read_text(encoding="utf-8")
)["jobs"]
WRITING = ("propose", "alert")


def scripts(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


@pytest.mark.parametrize("file", sorted(WORKFLOWS.glob("*.yml")), ids=lambda file: file.name)
def test_every_workflow_pins_its_actions_and_says_what_it_may(file: Any) -> None:
    workflow = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "uses" not in step or re.search(r"@(v\d+|[0-9a-f]{40})$", step["uses"])


def test_each_job_may_do_no_more_than_it_must() -> None:
    assert {name: dict(job["permissions"]) for name, job in JOBS.items()} == {
        "compare": {"contents": "read"},
        "propose": {"contents": "write", "pull-requests": "write"},
        "alert": {"issues": "write"},
    }
    assert JOBS["compare"]["steps"][0]["with"] == {"persist-credentials": False}


def test_the_work_is_done_by_make_in_the_job_that_only_reads() -> None:
    made = {
        word
        for script in scripts("compare")
        for word in re.findall(r"^\s*make ([a-z-]+)", script, re.MULTILINE)
    }
    assert made == {"setup", "drift", "regenerate", "test"}


@pytest.mark.parametrize("job", WRITING)
def test_a_job_that_may_write_runs_nothing_of_ours(job: str) -> None:
    steps = JOBS[job]["steps"]
    uses = {step["uses"].partition("@")[0] for step in steps if "uses" in step}
    assert uses <= {"actions/checkout", "actions/download-artifact"}
    for script in scripts(job):
        assert not re.search(
            r"\b(make|python3?|pip|npm|npx|source|eval|bash|sh)\b(?! test in)", script
        )
        assert "--body-file" in script
        assert "--body " not in script
        assert "merge" not in script


@pytest.mark.parametrize("job", JOBS)
def test_no_script_holds_an_expression(job: str) -> None:
    # What is pasted into a script is run; what stands in the environment is not.
    assert not any("${{" in script for script in scripts(job))


def test_the_runner_is_not_asked_where_it_cannot_answer() -> None:
    for job in JOBS.values():
        assert "runner." not in str([job.get("env"), job.get("if"), job.get("outputs")])


@pytest.mark.parametrize("script", [script for job in JOBS for script in scripts(job)])
def test_the_scripts_are_shell(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_quotes_the_contract_is_printed_with_commands_stopped() -> None:
    for script in scripts("compare"):
        if "make regenerate" in script or "make test" in script:
            assert script.index("::stop-commands::") < script.index("make ")


def step(job: str, name: str) -> str:
    return str(next(each["run"] for each in JOBS[job]["steps"] if each.get("name") == name))


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub would, with a `gh` that writes down what it was asked, and lists that.

    It creates nothing where NOTHING is in the environment.
    """
    tools = folder.parent / "bin"
    tools.mkdir(exist_ok=True)
    stub = """#!/bin/sh
[ "$2" = create ] && [ -n "$NOTHING" ] && exit 1
echo "$@" >> "$RUNNER_TEMP/asked"
[ "$2" = list ] && grep -c "^$1 create" "$RUNNER_TEMP/asked"
exit 0
"""
    (tools / "gh").write_text(stub)
    (tools / "gh").chmod(0o755)
    known = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env={**known, **environment}, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("level", "status"), [("warning", 0), ("healed", 0), ("failed", 1), ("x\ninjected=y", 1)]
)
def test_the_verdict_is_one_of_our_words(tmp_path: Path, level: str, status: int) -> None:
    (tmp_path / "a" / "build" / "drift").mkdir(parents=True)
    report = {"level": level, "new": {"sha256": "ab" * 32}}
    (tmp_path / "a" / "build" / "drift" / "report.json").write_text(json.dumps(report))
    output = tmp_path / "output"
    done = shell(step("compare", "Read the verdict"), tmp_path / "a", GITHUB_OUTPUT=str(output))
    assert done.returncode == status, done.stderr
    assert output.read_text() == ("" if status else f"level={level}\nsha=abababababab\n")


WHEN = {
    ("info", "success"): {"propose"},
    ("info", "failure"): {"alert"},
    ("warning", "success"): {"propose"},
    ("warning", "failure"): {"alert"},
    ("healed", "success"): {"propose", "alert"},
    ("healed", "failure"): {"alert"},
    ("breaking", "skipped"): {"alert"},
    ("same", "skipped"): set[str](),
}


def holds(condition: str, facts: dict[str, str]) -> bool:
    """Return what GitHub makes of a condition: the few forms that stand in the workflow."""
    for name, value in facts.items():
        condition = condition.replace(name, repr(value))
    condition = re.sub(r"contains\(fromJSON\('(\[.*?\])'\), ('\w+')\)", r"(\2 in \1)", condition)
    return bool(eval(condition.replace("||", "or")))


@pytest.mark.parametrize(("level", "regenerated"), WHEN)
def test_what_is_opened_when(level: str, regenerated: str) -> None:
    """Where regenerating heals what breaks, releases that are installed stop all the same: both are
    needed. Where it refuses, a failed run alone would reach nobody.
    """
    facts = {
        "needs.compare.outputs.level": level,
        "needs.compare.outputs.regenerated": regenerated,
        "steps.verdict.outputs.level": level,
        "steps.regenerate.outcome": regenerated,
    }
    called = {job for job in WRITING if holds(JOBS[job]["if"], facts)}
    assert called == WHEN[level, regenerated]

    attempt, *others = [each for each in JOBS["compare"]["steps"] if "if" in each]
    assert (attempt["id"], attempt["continue-on-error"]) == ("regenerate", True)
    assert holds(attempt["if"], facts) == (regenerated != "skipped")
    assert len(others) == 3
    for each in others:
        assert holds(each["if"], facts) == (regenerated == "success")


@pytest.mark.parametrize("level", ["info", "healed"])
def test_the_proposal_holds_the_contract_and_the_client_and_nothing_else(
    tmp_path: Path, level: str
) -> None:
    here, inbox = tmp_path / "checkout", tmp_path / "runner" / "inbox"
    given = {"SHA": "abababababab", "TESTS": "success", "BASE": "main", "LEVEL": level}
    given["RUNNER_TEMP"] = str(tmp_path / "runner")
    for folder in (here / "openapi", here / "generated", inbox / "patch", inbox / "report"):
        folder.mkdir(parents=True)
    for name in ("openapi/openapi.json", "generated/client.py", "Makefile"):
        (here / name).write_text("old\n")
    git = (
        "git init -q -b main . && git init -q --bare ../origin && git remote add origin ../origin "
        "&& git add -A && git -c user.name=x -c user.email=x@example.com commit -qm one && git "
        "push -q origin main && for f in openapi/openapi.json generated/client.py generated/n.py "
        "Makefile; do echo new > $f; done && git add -A && git diff --cached --binary > "
        "../runner/inbox/patch/regenerated.patch && git reset -q --hard"
    )
    assert shell(git, here, **given).returncode == 0
    (inbox / "report" / "report.md").write_text("the report\n")
    # A night on which no pull request could be opened leaves a branch, which is no proposal.
    assert shell(step("propose", "Open a pull request"), here, NOTHING="1", **given).returncode == 1
    anew = "git switch -q main && git branch -qD contract-drift/abababababab"
    assert shell(anew, here, **given).returncode == 0

    done = shell(step("propose", "Open a pull request"), here, **given)
    assert done.returncode == 0, done.stderr
    changed = shell(
        "git diff --name-only main origin/contract-drift/abababababab", here, **given
    ).stdout.split()
    assert changed == ["generated/client.py", "generated/n.py", "openapi/openapi.json"]
    assert "the report" in (inbox / "body.md").read_text()
    asked = (tmp_path / "runner" / "asked").read_text()
    assert asked.count("pr create") == 1
    assert {"info": "drift: additive (", "healed": "this heals it ("}[level] in asked
    assert "proposed already" in shell(step("propose", "Open a pull request"), here, **given).stdout
    for odd in ({"SHA": "$(id)"}, {"LEVEL": "breaking"}, {"LEVEL": "$(id)"}):
        assert (
            shell(step("propose", "Open a pull request"), here, **{**given, **odd}).returncode == 1
        )


@pytest.mark.parametrize(
    ("level", "regenerated", "title"),
    [
        ("breaking", "skipped", "breaking ("),
        ("healed", "success", "see the pull request"),
        ("healed", "failure", "breaking for installed releases, and the client cannot be"),
        ("info", "failure", "the client cannot be regenerated ("),
        ("warning", "failure", "the client cannot be regenerated ("),
    ],
)
def test_the_alert_is_one_issue(tmp_path: Path, level: str, regenerated: str, title: str) -> None:
    inbox = tmp_path / "runner" / "inbox"
    inbox.mkdir(parents=True)
    given = {"SHA": "abababababab", "LEVEL": level, "REGENERATED": regenerated}
    given["RUNNER_TEMP"] = str(tmp_path / "runner")
    assert shell(step("alert", "Open an issue"), inbox, **given).returncode == 0
    asked = (tmp_path / "runner" / "asked").read_text().splitlines()
    assert [line.split()[:2] for line in asked] == [["issue", "list"], ["issue", "create"]]
    assert asked[1].endswith(f"--body-file {inbox}/report.md")
    assert title in asked[1]
    for odd in ({"LEVEL": "same"}, {"REGENERATED": "$(id)"}):
        assert shell(step("alert", "Open an issue"), inbox, **{**given, **odd}).returncode == 1
