"""The calls to make: one for each operation of a document, with a value for every parameter."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scripts.contract.errors import StepError
from scripts.contract.media_types import concrete
from scripts.contract.pointers import METHODS, Object
from scripts.contract.refs import follow
from scripts.contract.routes import parameters as names_in
from scripts.contract.routes import shape

from .examples import BYTES, CONTENT, PLAIN, TEXT, Endless, Examples
from .forms import FORM, undefined_in, undefined_of, with_defaults

# Their values belong to whoever sends the request, as OpenAPI says.
_NOT_PARAMETERS = {"accept", "content-type", "authorization"}


@dataclass
class Case:
    """A call of one operation: what its function is given, and the document's own words for it."""

    number: int
    route: str
    module: str
    arguments: Object = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)
    spec: Object = field(default_factory=dict)
    parameters: Object = field(default_factory=dict)
    body: Any = None
    media_type: str | None = None
    lacks: list[str] = field(default_factory=list)
    # What succeeds in JSON, by status.
    answers: Object = field(default_factory=dict)
    undefined: list[str] = field(default_factory=list)

    def to_caller(self) -> Object:
        """Return what the calling process needs to know."""
        return {
            "number": self.number,
            "module": self.module,
            "arguments": self.arguments,
            "answers": self.answers,
        }

    def to_foreign(self) -> Object:
        """Return what the foreign tool needs to know."""
        return {
            "spec": self.spec,
            "parameters": self.parameters,
            "body": self.body,
            "mediaType": self.media_type,
        }


def operations(document: Object) -> Iterator[tuple[str, str, Object, Object]]:
    """Return path, method, path item and operation of every operation of a document."""
    for path, raw in document["paths"].items():
        if path.startswith("x-"):
            continue

        # A path item may be a reference.
        item = follow(document, raw)
        for method in METHODS:
            if isinstance(item.get(method), Mapping):
                yield path, method, item, item[method]


def cases(document: Object, generated: list[Object]) -> list[Case]:
    """Return a case for each operation that a generated package has.

    ``generated`` is what the package says of its operations (``caller.describe``).
    """
    by_route: dict[tuple[str, str], Object] = {}
    for each in generated:
        by_route[each["method"].lower(), shape(each["route"])] = each

    rows: list[Case] = []
    for path, method, item, operation in operations(document):
        for prefix in _prefixes(document, item, operation):
            operation_module = by_route.get((method, shape(prefix + path)))
            if operation_module is not None:
                # The longest prefix that fits: a shorter one may fit by chance.
                builder = _Builder(document, operation_module, path, method, prefix)
                rows.append(builder.case(len(rows), item, operation))
                break
    return rows


def _prefixes(document: Object, item: Object, operation: Object) -> list[str]:
    """Return the paths of the servers of an operation, the longest first."""
    holders = (operation, item, document)
    servers: list[Object] = next(filter(None, (holder.get("servers") for holder in holders)), [])
    prefixes = {""}
    for server in servers:
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace("{" + name + "}", str(variable.get("default", "")))
        prefixes.add(urlsplit(url).path.rstrip("/"))
    return sorted(prefixes, key=len, reverse=True)


class _Builder:
    def __init__(
        self, document: Object, generated: Object, path: str, method: str, prefix: str
    ) -> None:
        self._document = document
        self._known = generated
        self._path = path
        self._method = method
        self._prefix = prefix
        self._anywhere = Examples(document, TEXT)
        self._in_headers = Examples(document, PLAIN)
        self._files = Examples(document, TEXT, files=True)
        self._in_answers = Examples(document, TEXT, hidden="writeOnly")

    def case(self, number: int, item: Object, operation: Object) -> Case:
        """Return the case of an operation."""
        case = Case(number, f"{self._method.upper()} {self._path}", self._known["module"])
        declared = self._parameters(item, operation)
        for parameter in declared:
            self._add(case, parameter)
        body = follow(self._document, operation.get("requestBody") or {})
        content = self._add_body(case, body)
        case.spec = self._spec(declared, content)
        case.answers = dict(self._answers(operation))
        return case

    def _answers(self, operation: Object) -> Iterator[tuple[str, Any]]:
        """Yield an example of each answer of success that is JSON, with its status."""
        responses = operation.get("responses") or {}
        good = {status: each for status, each in responses.items() if str(status).startswith("2")}
        for status, raw in good.items():
            media = self._json_media(follow(self._document, raw).get("content") or {})
            if media is None:
                continue

            # One that contains itself, or refers to nothing, has no example.
            with suppress(Endless, StepError):
                yield str(status).upper(), self._in_answers.of(media.get("schema", {}))

    def _json_media(self, content: Object) -> Object | None:
        """Return the first media type of an answer that is read as JSON, None where none is."""
        for kind, media in content.items():
            if self._is_json(kind, media):
                media_type: Object = follow(self._document, media)
                return media_type
        return None

    def _is_json(self, kind: str, media: Any) -> bool:
        schema = follow(self._document, follow(self._document, media).get("schema", {}))
        return concrete(kind, schema).partition(";")[0].strip().endswith("json")

    def _parameters(self, item: Object, operation: Object) -> list[Object]:
        parameters: dict[tuple[str, str], Object] = {}
        for raw in [*item.get("parameters", []), *operation.get("parameters", [])]:
            parameter = dict(follow(self._document, raw))
            # It allows delimiters to stand unescaped, and the foreign tool then breaks values.
            parameter.pop("allowReserved", None)

            name = str(parameter.get("name"))
            place = str(parameter.get("in"))
            is_stray = place == "path" and name not in names_in(self._path)
            is_reserved = place == "header" and name.lower() in _NOT_PARAMETERS
            if not is_stray and not is_reserved:
                parameters[place, name] = parameter
        for name in names_in(self._path):
            parameters.setdefault(
                ("path", name),
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}},
            )
        for parameter in self._keys(operation):
            parameters.setdefault(("header", parameter["name"]), parameter)
        return list(parameters.values())

    def _keys(self, operation: Object) -> list[Object]:
        """Return the headers that an operation asks for as security schemes, as parameters."""
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        requirements = operation.get("security", self._document.get("security")) or []
        names = {name for requirement in requirements for name in requirement}

        headers = [
            follow(self._document, schemes[name])["name"]
            for name in sorted(names & schemes.keys())
            if follow(self._document, schemes[name]).get("in") == "header"
        ]
        return [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in headers
            if name.lower() in self._known.get("header", {}).values()
        ]

    def _add(self, case: Case, parameter: Object) -> None:
        name = str(parameter["name"])
        place = str(parameter["in"])
        examples = self._in_headers if place in ("header", "cookie") else self._anywhere
        content = parameter.get("content")
        try:
            if content:
                value = examples.of(next(iter(content.values())).get("schema", {}))
            else:
                value = examples.of(parameter.get("schema", {}))
        except (Endless, StepError):
            return
        case.undefined += undefined_of(parameter, value)
        argument = self._argument(name, place)
        if argument is None:
            case.lacks.append(f"the function has no argument for the {place} parameter {name}")
            return
        if name.lower() == "content-length":
            # Bodies whose length somebody has to say are all of this content.
            value = len(CONTENT) if self._known["body"] else 0
        case.parameters[f"{place}.{name}"] = value
        case.arguments[argument] = value
        if place == "header":
            case.headers.append(name.lower())

    def _argument(self, name: str, place: str) -> str | None:
        if place == "path":
            # Their names follow from their places.
            at = names_in(self._prefix + self._path).index(name)
            name = names_in(self._known["route"])[at]
        if place == "header":
            name = name.lower()
        arguments = self._known.get(place, {})
        return next((each for each, wire in arguments.items() if wire == name), None)

    def _add_body(self, case: Case, body: Object) -> Object:
        """Add the body in the form in which the generated function sends it."""
        declared = body.get("content") or {}
        if not declared:
            return {}
        if self._known["body"] is None:
            case.lacks.append("the function has no argument for the body")
            return {}
        sent = self._known["body"]
        # A range of media types, for which the client decides, is declared with a star.
        named = (each for each in declared if each.lower() == sent or each.endswith("/*"))
        kind = min(named, key=lambda each: each.endswith("/*"), default=None)
        if kind is None:
            case.lacks.append(f"the function sends {self._known['body']}, which is not declared")
            return {}
        media = dict(follow(self._document, declared[kind]))
        case.media_type = kind = kind if kind.lower() == sent else sent
        try:
            case.body = self._body(kind, media.get("schema", {}))
        except (Endless, StepError):
            return {}
        case.arguments["body"] = case.body
        version = str(self._document["openapi"])
        case.undefined += undefined_in(media, case.body)
        return {kind: with_defaults(kind, media, case.body, version)}

    def _body(self, kind: str, schema: Any) -> Any:
        plain = kind.partition(";")[0].strip().lower()
        if plain.startswith("multipart/"):
            form = self._files.of(schema)
            # A form that is any value, to its document.
            return form if isinstance(form, dict) else {"file": {BYTES: CONTENT}}

        if plain.endswith("json") or plain == FORM:
            return self._anywhere.of(schema)
        return {BYTES: CONTENT}

    def _spec(self, parameters: list[Object], content: Object) -> Object:
        """Return a document of this operation alone: big ones take the foreign tool minutes."""
        operation: Object = {
            "operationId": "operation",
            "parameters": parameters,
            "responses": {"200": {"description": ""}},
        }
        if content:
            operation["requestBody"] = {"content": content}
        return {
            "openapi": str(self._document["openapi"]),
            "info": {"title": "one operation", "version": "1"},
            "servers": [{"url": f"http://server.invalid{self._prefix}"}],
            # What some documents write behind a path to tell operations apart is never sent.
            "paths": {self._path.partition("#")[0]: {self._method: operation}},
        }
