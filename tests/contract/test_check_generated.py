import json
from pathlib import Path

import pytest

from scripts import check_generated as command
from scripts.check_generated import differences
from tests.support.checkouts import Checkout


def test_a_fresh_checkout_has_no_differences(checkout: Checkout) -> None:
    before = checkout.files()
    assert differences(checkout.layout) == []
    assert checkout.files() == before


def test_edited_missing_and_added_files_are_named(checkout: Checkout) -> None:
    package = checkout.layout.package
    (package / "models" / "account.py").write_text("# edited by hand\n")
    (package / "errors.py").unlink()
    (package / "extra.py").touch()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "extra.pyc").touch()
    found = differences(checkout.layout)
    assert len(found) == 3
    for name in ("models/account.py", "errors.py", "extra.py"):
        assert any(f"ledgerhq_api/{name}" in line for line in found)


def test_another_contract_is_named(checkout: Checkout) -> None:
    with checkout.layout.contract.open("a") as file:
        file.write("\n")
    found = differences(checkout.layout)
    assert any("openapi.json is not the document" in line for line in found)
    assert any("contract.lock.json" in line and "differs" in line for line in found)


@pytest.mark.parametrize(
    ("file", "said"),
    [("templates/client.py.jinja", "templates"), ("generator.yml", "generator.yml")],
)
def test_other_templates_or_settings_are_named(checkout: Checkout, file: str, said: str) -> None:
    path: Path = checkout.layout.openapi / file
    path.write_text(path.read_text() + "\n# more\n")
    assert any(said in line for line in differences(checkout.layout))


def test_a_compiled_template_is_no_other_template(checkout: Checkout) -> None:
    folder = checkout.layout.templates / "runtime" / "__pycache__"
    folder.mkdir(exist_ok=True)
    (folder / "styles.cpython-311.pyc").write_bytes(b"compiled")
    assert differences(checkout.layout) == []


@pytest.mark.parametrize("tool", ["generator", "ruff"])
def test_another_tool_is_named(checkout: Checkout, tool: str) -> None:
    lock = json.loads(checkout.layout.contract_lock.read_bytes())
    checkout.layout.contract_lock.write_text(json.dumps({**lock, tool: "0.0.1"}))
    assert any("0.0.1" in line for line in differences(checkout.layout))


def test_a_changed_names_lock_is_named(checkout: Checkout) -> None:
    names = json.loads(checkout.layout.names_lock.read_bytes())
    names["Konto"] = names.pop("Account")
    checkout.layout.names_lock.write_text(json.dumps(names))
    assert any("names.lock.json" in line for line in differences(checkout.layout))


def test_locks_that_are_missing_or_broken_are_said(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(checkout.root) == 0
    for file in (checkout.layout.names_lock, checkout.layout.contract_lock):
        before = file.read_bytes()
        for content in (b"{", b"[1]", b'{"date": "someday"}'):
            file.write_bytes(content)
            assert command.main(checkout.root) == 1
        file.unlink()
        assert command.main(checkout.root) == 1
        file.write_bytes(before)
    assert "Traceback" not in capsys.readouterr().err
