import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.contract import source
from scripts.contract.errors import StepError
from scripts.contract.source import fetch, parse
from tests.support.contracts import small


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = int(self.path.strip("/").partition("?")[0])
        self.send_response(status)
        if status == 302:
            self.send_header("location", "https://elsewhere.example/openapi.json")
        self.end_headers()
        self.wfile.write(b'{"a": 1}')

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


def test_a_file_is_read_as_it_is_and_its_path_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "secret-folder.json").write_bytes(b" {} \n")
    fetched = fetch(str(tmp_path / "secret-folder.json"))
    assert (fetched.content, fetched.origin) == (b" {} \n", "local")


def test_a_url_is_fetched_and_kept_without_its_secrets(server: str) -> None:
    fetched = fetch(server.replace("//", "//user:pass@") + "/200?token=sekrit#here")
    assert fetched.content == b'{"a": 1}'
    assert fetched.origin == f"{server}/200"


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "404"), (500, "500"), (302, "elsewhere.example"), (304, "it answers 304\n")],
)
def test_another_answer_than_200_is_an_error(server: str, status: int, said: str) -> None:
    with pytest.raises(StepError, match=said):
        fetch(f"{server}/{status}")


def test_no_network_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(StepError) as caught:
        fetch("http://127.0.0.1:9/openapi.json")
    assert caught.value.step == "read"
    assert caught.value.why
    assert "give the path or URL of another one" in caught.value.todo


def test_what_is_too_large_is_not_read(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST_BYTES", 4)
    (tmp_path / "big.json").write_bytes(b"12345")
    for place in (str(tmp_path / "big.json"), f"{server}/200"):
        with pytest.raises(StepError, match="too large"):
            fetch(place)


@pytest.mark.parametrize(
    "place",
    [
        "ftp://example.org/x.json",
        "file:///etc/passwd",
        "no/such/file.json",
        ".",
        "http://[::1",
        "http://xn--/",
    ],
)
def test_other_places_are_refused(place: str) -> None:
    with pytest.raises(StepError):
        fetch(place)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Sign in</html>",
        b"",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'{"swagger": "2.0", "paths": {"/x": {}}}',
        b'{"openapi": "4.0.0", "paths": {"/x": {}}}',
        b'{"openapi": "3.1.0"}',
        b'{"openapi": "3.1.0", "paths": {}}',
        b'{"openapi": "3.1.0", "paths": {"/x": {}}, "paths": {"/y": {}}}',
        b'{"openapi": "3.1.0", "paths": {"/x": NaN}}',
        b"[" * 200_000,
    ],
)
def test_what_is_no_openapi_document_is_refused(content: bytes) -> None:
    with pytest.raises(StepError) as caught:
        parse(content)
    assert caught.value.step == "read"


def test_half_a_character_costs_no_contract() -> None:
    """As of an emoji, where a tool has cut the text."""
    content = json.dumps({**small(), "x-words": "\ud83d", "x-whole": "\U0001f600"})
    assert parse(content.encode()) == {**small(), "x-words": "?", "x-whole": "\U0001f600"}


def test_a_contract_is_parsed() -> None:
    assert parse(json.dumps(small()).encode()) == small()


YAML = b"""
openapi: 3.1.0
info: {title: T, version: 2024-01-01}
paths:
  /x:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              schema: {type: string, enum: [no, on, 2024-02-29, 012, 1.0], example: 2024-01-01T00:00:00Z}
"""


def test_yaml_is_read_as_the_json_it_stands_for(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_bytes(YAML)
    document = parse(fetch(str(file)).content)
    assert document["info"]["version"] == "2024-01-01"
    schema = document["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert schema == {
        "type": "string",
        "enum": ["no", "on", "2024-02-29", 12, 1.0],
        "example": "2024-01-01T00:00:00Z",
    }


def test_what_a_yaml_object_says_itself_counts_before_what_it_merges(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    merged = b"x-text: &text {type: string, maxLength: 9}\n"
    file.write_bytes(merged + YAML.replace(b"{type: string,", b"{<<: *text, maxLength: 5,"))
    content = fetch(str(file)).content
    assert b'"maxLength": 5' in content
    assert b'"type": "string"' in content.partition(b'"paths"')[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "the same key twice"),
        ("a: [1\n", "expected"),
        ("a: !!python/object:x.Y {}\n", "could not determine"),
        ("a: .nan\n", "OpenAPI"),
        ("&a [*a]\n", "aliases"),
        ("a: &a [x,x,x,x,x,x,x,x]\n" + "".join(f"b{n}: &{c} [*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p}]\n"
         for n, (p, c) in enumerate(zip("abcdefgh", "bcdefghi", strict=True))), "aliases"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_or_no_json_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(text)
    with pytest.raises(StepError, match=said):
        parse(fetch(str(file)).content)


def test_openapi_3_2_is_refused_by_name() -> None:
    with pytest.raises(StepError) as caught:
        parse(json.dumps({"openapi": "3.2.0", "paths": {"/x": {}}}).encode())
    assert "3.2.0" in str(caught.value)
