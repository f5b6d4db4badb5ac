"""What hosts and editors read of this repository: hooks that run, forms that ask what matters."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from ledgerhq_ext.errors import Outcome

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
HOOKS = ROOT / ".pre-commit-config.yaml"


def content_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def fields_of(name: str) -> dict[str, Any]:
    """Return the fields of a form, by their ids."""
    body = content_of(ROOT / f".github/ISSUE_TEMPLATE/{name}.yml")["body"]
    return {field["id"]: field for field in body if "id" in field}


def test_hooks_run_in_the_projects_own_environment() -> None:
    [repository] = content_of(HOOKS)["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        program = Path(hook["entry"].split()[0])
        assert hook["language"] == "system"
        assert program.parts[:2] == (".venv", "bin")
        assert (Path(sys.executable).parent / program.name).exists()


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_has_what_a_form_needs(form: Path) -> None:
    content = content_of(form)
    if form.stem == "config":
        return
    assert {"name", "description", "body"} <= content.keys()
    assert any(field.get("validations", {}).get("required") for field in content["body"])


def test_a_bug_is_asked_for_request_id_and_outcome() -> None:
    fields = fields_of("bug")
    assert "request_id" in fields["request-id"]["attributes"]["description"]
    assert set(get_args(Outcome)) <= set(fields["outcome"]["attributes"]["options"])


def test_drift_is_asked_for_operation_and_property() -> None:
    assert {"operation", "property", "report", "answer"} <= fields_of("contract-drift").keys()


# A Python that makes environments of Python 3.10, in which only code on the command line runs.
OLD_PYTHON = """#!/bin/sh
mkdir -p "$3/bin"
cat > "$3/bin/python" <<'END'
#!/bin/sh
exec "{python}" -c 'import sys; sys.version_info = (3, 10); exec(sys.argv[2])' "$@"
END
chmod +x "$3/bin/python"
"""


def test_make_says_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "python3.10"
    old.write_text(OLD_PYTHON.format(python=sys.executable))
    old.chmod(0o755)

    run = subprocess.run(
        ["make", "setup", f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode != 0
    assert ".venv has Python 3.10, but 3.11 or newer is needed. Run make clean" in run.stderr
    assert not (tmp_path / ".venv" / ".ready").exists()
