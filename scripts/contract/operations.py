"""Operations in canonical form: complete, under names that follow from their routes."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from . import routes
from .canonical import Schemas
from .errors import UNREADABLE, StepError, listed, reason
from .header_keys import with_header_keys
from .media_types import BYTES, concrete
from .pointers import METHODS, Object, join
from .refs import follow
from .routes import unique
from .styles import SENT_NAME

# OpenAPI says that header parameters of these names are to be ignored.
_PORTS = {"http": ":80", "https": ":443"}
_NOT_PARAMETERS = {"accept", "content-type", "authorization"}
_OF_OTHER_FORMS = ("style", "explode", "allowReserved")
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_IDLE: Object = {"deprecated": False, "allowEmptyValue": False, "allowReserved": False}
# A word that OpenAPI does not know says nothing, wherever a vendor has written it.
_OF_PARAMETER = frozenset({
    "name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode",
    "allowReserved", "schema", "content",
})  # fmt: skip
_KEPT = ("summary", "description", "deprecated", "security", "externalDocs")


class Operations:
    """The operations of one document."""

    def __init__(self, document: Object, schemas: Schemas, left_out: dict[str, str]) -> None:
        """`left_out` takes the place of each operation that cannot be read, and why."""
        self._document = document
        self._schemas = schemas
        self._left_out = left_out

    def paths(self) -> dict[str, Object]:
        """Return every route that can be read, by its canonical path."""
        paths: dict[str, Object] = {}
        for raw, item in self._document["paths"].items():
            if not raw.startswith("x-"):
                self._add(raw, item, paths)
        if not paths:
            why = listed([f"{where}: {why}" for where, why in self._left_out.items()]).strip()
            raise StepError("normalise", "the contract has no operations that can be read", why=why)
        _number(paths)
        return paths

    def _add(self, raw: str, item: Any, paths: dict[str, Object]) -> None:
        where = join("/paths", raw)
        if not raw.startswith("/"):
            self._left_out[where] = "a path begins with a slash"
            return
        try:
            item = follow(self._document, item)
            methods = [method for method in METHODS if method in item]
        except UNREADABLE as error:
            self._left_out[where] = reason(error)
            return

        for method in methods:
            self._add_operation(raw, method, item, paths)

    def _add_operation(self, raw: str, method: str, item: Object, paths: dict[str, Object]) -> None:
        where = join("/paths", raw, method)
        try:
            path = self._prefix(item[method], item) + raw
            operation = self._operation(method, path, item, where)
        except UNREADABLE as error:
            self._left_out[where] = reason(error)
            return
        # Two paths may become one route: with a slash at the end, or other names of parameters.
        item = paths.setdefault(routes.rename(path), {})
        if method in item:
            self._left_out[where] = "the contract has the same route twice"
        item.setdefault(method, operation)

    def _prefix(self, *closest: Object) -> str:
        """Return the path of the server, which belongs to the route as much as the rest of the path
        does.

        The order of servers means nothing, so of several it is the path that most of them have, or
        the shortest.
        """
        servers: list[Object] = next(
            filter(None, (holder.get("servers") for holder in (*closest, self._document))), []
        )
        prefixes = [urlsplit(_address(server)).path.rstrip("/") for server in servers]

        # Sorted by these, the result does not depend on the order of the servers.
        return min(
            prefixes, key=lambda prefix: (-prefixes.count(prefix), len(prefix), prefix), default=""
        )

    def _operation(self, method: str, path: str, item: Object, where: str) -> Object:
        raw: Object = follow(self._document, item[method])
        new = {key: raw[key] for key in raw if key in _KEPT or key.startswith("x-")}
        new |= {"operationId": routes.operation_name(method, path), "tags": [routes.tag(path)]}
        new.setdefault("security", self._document.get("security", []))
        new["parameters"] = self._parameters(
            path, item.get("parameters", []), raw.get("parameters", []), where
        )
        if "requestBody" in raw:
            body = follow(self._document, raw["requestBody"])
            new["requestBody"] = self._body(body, join(where, "requestBody"))
        responses = (raw.get("responses") or {}).items()
        new["responses"] = {
            str(status).upper(): self._response(response, join(where, "responses", status))
            for status, response in responses
        }
        new["responses"] = _with_success(new["responses"])
        new = with_header_keys(new, self._document.get("components", {}).get("securitySchemes", {}))
        return {key: value for key, value in new.items() if value != _IDLE.get(key)}

    def _parameters(self, path: str, shared: list[Any], own: list[Any], where: str) -> list[Object]:
        parameters: dict[tuple[str, str], Object] = {}
        for raw in [*shared, *own]:
            # The operation's own come last, and replace those of its path.
            new = self._parameter(path, follow(self._document, raw), where)
            parameters[new["in"], new["name"]] = new
        # Whatever a vendor forgets to say or says too much: what the path has is what is sent in
        # it.
        there = set(routes.positional(path).values())
        for name in there - {name for place, name in parameters if place == "path"}:
            parameters["path", name] = self._parameter(path, {"name": name, "in": "path"}, where)
        stray = {key for key in parameters if key[0] == "path" and key[1] not in there}
        return [
            parameters[key]
            for key in sorted(parameters.keys() - stray)
            if not _ignored(parameters[key])
        ]

    def _parameter(self, path: str, raw: Object, where: str) -> Object:
        new = {
            key: value for key, value in raw.items() if key in _OF_PARAMETER or key.startswith("x-")
        }
        if not isinstance(raw.get("name"), str) or raw.get("in") not in _STYLES:
            raise StepError(
                "normalise", f"a parameter of {path} has no usable 'name' and 'in': {raw!r:.120}"
            )
        new["name"] = _parameter_name(path, raw)
        new["required"] = bool(raw.get("required")) or raw["in"] == "path"
        where = join(where, "parameters", raw["name"])
        if "content" in new:
            # Its media type says how it is written, so a style has nothing to say.
            new = {
                key: value
                for key, value in new.items()
                if key not in ("style", "explode", "schema")
            }
            new["content"] = self._content(new["content"], where)
        else:
            style = new.setdefault("style", _STYLES[raw["in"]])
            new.setdefault("explode", style == "form")
            if style == "matrix" and new["name"] != raw["name"]:
                new[SENT_NAME] = raw["name"]
            new["schema"] = self._schemas.at(new.get("schema", {}), join(where, "schema"))
        return {key: value for key, value in new.items() if value != _IDLE.get(key)}

    def _body(self, raw: Object, where: str) -> Object:
        return {
            **raw,
            "required": bool(raw.get("required")),
            "content": self._content(raw.get("content", {}), where),
        }

    def _response(self, raw: Any, where: str) -> Object:
        raw = follow(self._document, raw)
        new = {key: value for key, value in raw.items() if key != "links"}
        new.setdefault("description", "")
        if "headers" in new:
            headers = sorted(new["headers"].items())
            new["headers"] = {
                name: self._header(header, join(where, "headers", name)) for name, header in headers
            }
        if "content" in new:
            new["content"] = self._content(new["content"], where)
        return new

    def _header(self, raw: Any, where: str) -> Object:
        new: Object = dict(follow(self._document, raw))
        if "schema" in new:
            new["schema"] = self._schemas.at(new["schema"], join(where, "schema"))
        return {key: value for key, value in new.items() if key not in ("example", "examples")}

    def _content(self, content: Object, where: str) -> Object:
        media_types: Object = {}
        # A range of media types comes last, for what has no word of its own.
        for media_type in sorted(content, key=lambda name: name.endswith("*")):
            new = self._media(content[media_type], join(where, "content", media_type))
            if media_type.startswith("multipart/") and self._is_of_3_0:
                new = _without_styles(new)
            name = concrete(media_type, new.get("schema", {}))
            if name == BYTES and not new.get("schema"):
                # OpenAPI 3.1 needs no schema to say that bytes are bytes.
                new["schema"] = {"type": "string", "format": "binary"}
            media_types.setdefault(name, new)
        return media_types

    @property
    def _is_of_3_0(self) -> bool:
        return str(self._document.get("openapi", "")).startswith("3.0")

    def _media(self, raw: Any, where: str) -> Object:
        media = {
            key: value
            for key, value in follow(self._document, raw).items()
            if key not in ("example", "examples")
        }
        if "schema" in media:
            media["schema"] = self._schemas.at(media["schema"], join(where, "schema"))
        return media


def _with_success(responses: Object) -> Object:
    """Return the answers of an operation with one for success: without a status for it, what
    answers every other status answers success too, and where nothing is said it may be anything.
    """
    new = dict(responses)
    if "DEFAULT" in new:
        new["default"] = new.pop("DEFAULT")

    # Whoever calls must be told something of success, or the generated code reads none.
    if not any(status.startswith(("2", "3")) for status in new):
        new["2XX"] = new.get("default", {"description": ""})
    return new


def _number(paths: dict[str, Object]) -> None:
    """Give a number to each further operation of one name: the shortest path has none."""
    names: set[str] = set()
    for path in sorted(paths, key=lambda path: (len(path), path)):
        for operation in paths[path].values():
            name = unique(operation["operationId"], names)
            names.add(name)
            operation["operationId"] = name


def origins(servers: list[Object]) -> list[Object]:
    """Return the servers without their paths, which stand in the routes."""
    split = [urlsplit(_address(server)) for server in servers]
    return [
        {"url": f"{part.scheme}://{_host(part)}"} for part in split if part.scheme and part.netloc
    ]


def _host(address: SplitResult) -> str:
    """Return a host in small letters, with a port that is not the usual one."""
    host = address.netloc.lower()
    return host.removesuffix(_PORTS.get(address.scheme, ""))


def _address(server: Object) -> str:
    url = str(server.get("url", ""))
    for name, variable in server.get("variables", {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url


def _ignored(parameter: Object) -> bool:
    return parameter["in"] == "header" and parameter["name"] in _NOT_PARAMETERS


def _parameter_name(path: str, raw: Object) -> str:
    name = str(raw["name"])
    if raw["in"] == "path":
        return routes.positional(path).get(name, name)

    # The case of a header's name means nothing.
    return name.lower() if raw["in"] == "header" else name


def _without_styles(media: Object) -> Object:
    """Return a form with files without styles of its fields, which OpenAPI 3.0 has for other forms
    only.
    """
    if "encoding" not in media:
        return media
    encoding: Object = {}
    for name, said in media["encoding"].items():
        encoding[name] = {key: value for key, value in said.items() if key not in _OF_OTHER_FORMS}
    return {**media, "encoding": encoding}
