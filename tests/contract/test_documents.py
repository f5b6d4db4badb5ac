"""Documents of other people and tools, as published: what is generated sends what a foreign tool
sends.

The foreign tool's requests stand beside each document; `tests/contract/documents/README.md` says
where both come from.
"""

from pathlib import Path

import pytest

from scripts.public import foreign
from scripts.public.__main__ import main, requests_file
from scripts.public.cases import Case
from scripts.public.report import examine

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).with_name("documents")
DOCUMENTS = sorted(
    file
    for file in FOLDER.iterdir()
    if file.suffix in (".json", ".yaml") and requests_file(file).exists()
)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_a_document_gives_a_client_that_sends_what_a_foreign_tool_sends(
    file: Path, types_of_libraries: Path
) -> None:
    def theirs(cases: list[Case]) -> list[dict[str, object]]:
        return foreign.recorded(cases, requests_file(file))

    report = examine(str(file), theirs, cache=types_of_libraries)
    assert report.complaints == []
    assert report.faults == []
    assert report.called == report.equal == report.operations - len(report.left_out)
    assert report.left_out == []
    assert report.lost == []


@pytest.mark.sample
def test_without_the_foreign_tool_the_command_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(FOLDER / "styles.json"), "--swagger-client", str(tmp_path)]) == 1
    assert "run `npm install swagger-client`" in capsys.readouterr().out
