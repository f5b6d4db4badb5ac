"""Lists and objects in the styles of OpenAPI: the table of examples in its own text."""

import importlib.util
from email import message_from_bytes
from email.policy import HTTP
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from ledgerhq_api.operations import Operation
from ledgerhq_api.types import File

from scripts.contract.layout import Layout
from scripts.contract.normalise import normalise
from scripts.contract.styles import STYLES
from scripts.contract.view import generator_view
from tests.support.contracts import INTEGER, STRING, answer, body, document, obj, ref

LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}
TEXTS = {"type": "array", "items": STRING}


def styled(name: str, style: str, *, explode: bool, sent: str = "") -> Any:
    """The runtime's own class: our contract needs none, so it is not in the committed package."""
    file = Layout().templates / "runtime" / "styles.py"
    spec = importlib.util.spec_from_file_location("ledgerhq_api.styles", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Styled(name, style, explode, sent)


@pytest.mark.parametrize(
    ("style", "explode", "single", "listed", "object_"),
    [
        ("simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
        ("simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
        ("label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        ("label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        ("matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
        (
            "matrix",
            True,
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";R=100;G=200;B=150",
        ),
    ],
)
def test_in_a_path_or_a_header(
    style: str, explode: bool, single: str, listed: str, object_: str
) -> None:
    name = styled("color", style, explode=explode)
    assert [name.text(value) for value in ("blue", LIST, OBJECT)] == [single, listed, object_]


def test_a_name_that_stands_in_the_path_is_that_of_the_contract() -> None:
    parameter = {"name": "colorName", "in": "path", "required": True, "style": "matrix"}
    path = "/things/{colorName}"
    operation = {"parameters": [{**parameter, "schema": STRING}], "responses": answer(STRING)}
    seen = generator_view(normalise(document({path: {"get": operation}})))
    (route,) = seen["paths"]
    assert route != path
    (said,) = seen["paths"][route]["get"][STYLES]["path"].values()
    assert said == ["matrix", False, "colorName"]
    assert (
        styled("thing_id", *said[:1], explode=False, sent="color name").text(
            "blue", lambda text: text.replace(" ", "%20")
        )
        == ";color%20name=blue"
    )


@pytest.mark.parametrize(
    ("style", "explode", "value", "query"),
    [
        ("form", False, LIST, "color=blue,black,brown"),
        ("form", True, LIST, "color=blue&color=black&color=brown"),
        ("form", False, OBJECT, "color=R,100,G,200,B,150"),
        ("form", True, OBJECT, "R=100&G=200&B=150"),
        ("spaceDelimited", False, LIST, "color=blue+black+brown"),
        ("spaceDelimited", False, OBJECT, "color=R+100+G+200+B+150"),
        ("spaceDelimited", True, LIST, "color=blue&color=black&color=brown"),
        ("pipeDelimited", False, LIST, "color=blue|black|brown"),
        ("pipeDelimited", False, OBJECT, "color=R|100|G|200|B|150"),
        ("deepObject", True, OBJECT, "color[R]=100&color[G]=200&color[B]=150"),
        ("form", False, "blue", "color=blue"),
        ("form", False, [], ""),
        ("json", False, OBJECT, 'color={"R":100,"G":200,"B":150}'),
        ("json", False, '"text"', 'color="text"'),
    ],
)
def test_in_a_query_or_a_form(style: str, explode: bool, value: Any, query: str) -> None:
    pairs = styled("color", style, explode=explode).pairs(value)
    assert urlencode(pairs, doseq=True, safe=',|[]{}":') == query


def test_what_is_no_delimiter_is_escaped_alone() -> None:
    name = styled("ids", "simple", explode=False)
    assert name.text(["a,b", True, None, {"k": 1}], lambda text: text.replace(",", "%2C")) == (
        'a%2Cb,true,,{"k":1}'
    )


def sent(*parameters: Any, **parts: Any) -> Any:
    """The styles that the generator is told of one operation."""
    contract = document(
        {"/x": {"post": {"parameters": list(parameters), "responses": answer(STRING), **parts}}},
        Texts=TEXTS,
        Thing=obj(a=STRING),
    )
    return generator_view(normalise(contract))["paths"]["/x"]["post"].get(STYLES, {})


def parameter(place: str, **parts: Any) -> Any:
    return {"name": "p", "in": place, **parts}


@pytest.mark.parametrize(
    ("written", "style"),
    [
        (parameter("query", schema=STRING), None),
        (parameter("query", schema=TEXTS), None),
        (parameter("query", schema=ref("Texts")), None),
        (parameter("header", schema=INTEGER), None),
        (parameter("query", schema=TEXTS, explode=False), ["form", False]),
        (parameter("query", schema=TEXTS, style="pipeDelimited"), ["pipeDelimited", False]),
        (parameter("query", schema=ref("Thing")), ["form", True]),
        (parameter("query", schema={"type": "array", "items": ref("Thing")}), ["form", True]),
        (parameter("query", schema={}), ["form", True]),
        (parameter("query", schema=ref("Thing"), style="deepObject"), ["deepObject", False]),
        (parameter("header", schema=TEXTS), ["simple", False]),
        (parameter("cookie", schema=TEXTS), ["form", True]),
        (parameter("query", content={"application/json": {"schema": STRING}}), ["json", False]),
        (parameter("query", content={"text/csv": {"schema": STRING}}), None),
    ],
)
def test_a_parameter_has_a_style_where_it_matters(written: Any, style: Any) -> None:
    assert sent(written) == ({} if style is None else {written["in"]: {"p": style}})


def test_a_field_of_a_form_has_a_style_where_it_matters() -> None:
    form = obj(a=STRING, texts=TEXTS, thing=ref("Thing"), things={"type": "array"}, deep=obj())
    content = body(form, "application/x-www-form-urlencoded")
    content["content"]["application/x-www-form-urlencoded"]["encoding"] = {
        "deep": {"style": "deepObject", "explode": True}
    }
    assert sent(requestBody=content) == {
        "form": {
            "thing": ["json", False],
            "things": ["form", True],
            "deep": ["deepObject", True],
        }
    }


STYLED_PARTS = {
    "deep": {"style": "deepObject", "explode": True},
    "texts": {"explode": False},
    "file": {"contentType": "image/png"},
}


@pytest.mark.parametrize(
    ("version", "styles"),
    [
        ("3.1.0", {"form": {"deep": ["deepObject", True], "texts": ["form", False]}}),
        # There a style is for other forms only.
        ("3.0.3", {}),
    ],
)
def test_a_field_of_a_form_with_files_has_a_style_where_openapi_says_so(
    version: str, styles: Any
) -> None:
    form = obj(deep=obj(), texts=TEXTS, thing=obj(), file={"type": "string", "format": "binary"})
    content = body(form, "multipart/form-data")
    content["content"]["multipart/form-data"]["encoding"] = STYLED_PARTS
    operation = {"requestBody": content, "responses": answer(STRING)}
    contract = {**document({"/x": {"post": operation}}), "openapi": version}
    view = generator_view(normalise(contract))
    assert view["paths"]["/x"]["post"].get(STYLES, {}) == styles


def test_the_fields_of_a_form_with_files_are_written_in_their_styles() -> None:
    form = {
        "deep": styled("deep", "deepObject", explode=True),
        "texts": styled("texts", "form", explode=False),
        "several": styled("several", "form", explode=True),
        "file": styled("file", "form", explode=True),
    }
    operation: Operation[None] = Operation("POST", "/x", form=form, body=("files", ""))
    fields = {
        "deep": OBJECT,
        "texts": LIST,
        "several": LIST[:2],
        "file": File(BytesIO(b"x"), "a.png", "image/png"),
        "plain": {"a": 1},
    }
    sent = operation.request(body=fields)["files"]
    request = httpx.Request("POST", "http://example.test", files=sent)
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + request.read(), policy=HTTP)
    found = [
        (each.get_param("name", header="content-disposition"), each.get_payload(decode=True))
        for each in message.iter_parts()
    ]
    assert found == [
        ("deep[R]", b"100"),
        ("deep[G]", b"200"),
        ("deep[B]", b"150"),
        ("texts", b"blue,black,brown"),
        ("several", b"blue"),
        ("several", b"black"),
        ("file", b"x"),
        ("plain", b'{"a":1}'),
    ]
