"""Operations in canonical form: complete in themselves, under names that follow from their routes."""

from typing import Any
from urllib.parse import urlsplit

from . import routes
from .canonical import Schemas
from .errors import StepError
from .pointers import METHODS, Object
from .refs import follow

# OpenAPI says that header parameters of these names are to be ignored.
_NOT_PARAMETERS = {"accept", "content-type", "authorization"}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_IDLE: Object = {"deprecated": False, "allowEmptyValue": False, "allowReserved": False}
_KEPT = ("summary", "description", "deprecated", "security", "externalDocs")


class Operations:
    """The operations of one document."""

    def __init__(self, document: Object, schemas: Schemas) -> None:
        self._document, self._schemas = document, schemas

    def paths(self) -> dict[str, Object]:
        """Every route, by its canonical path. Two routes that give one name are an error."""
        paths: dict[str, Object] = {}
        named: dict[str, str] = {}
        for raw, item in self._document["paths"].items():
            if not raw.startswith("x-"):
                self._add(raw, follow(self._document, item), paths, named)
        if not named:
            raise StepError("normalise", "the contract has no operations")
        return paths

    def _add(self, raw: str, item: Object, paths: dict[str, Object], named: dict[str, str]) -> None:
        for method in METHODS:
            if method not in item:
                continue
            path = self._prefix(item[method], item) + raw
            name, route = routes.operation_name(method, path), f"{method.upper()} {path}"
            if name in named:
                why = f"both would be called {name}: {named[name]} and {route}"
                todo = "tell the vendor, or take one out by a row in openapi/repairs.json"
                raise StepError("normalise", "two routes give one name", why=why, todo=todo)
            named[name] = route
            paths.setdefault(routes.rename(path), {})[method] = self._operation(method, path, item)

    def _prefix(self, *closest: Object) -> str:
        """The path of the server, which belongs to the route as much as the rest of the path does."""
        servers = (holder.get("servers") for holder in (*closest, self._document))
        first: Object = next(filter(None, servers), [{}])[0]
        return urlsplit(_address(first)).path.rstrip("/")

    def _operation(self, method: str, path: str, item: Object) -> Object:
        raw: Object = follow(self._document, item[method])
        new = {key: raw[key] for key in raw if key in _KEPT or key.startswith("x-")}
        new |= {"operationId": routes.operation_name(method, path), "tags": [routes.tag(path)]}
        new.setdefault("security", self._document.get("security", []))
        new["parameters"] = self._parameters(path, item.get("parameters", []), raw.get("parameters", []))
        if "requestBody" in raw:
            new["requestBody"] = self._body(follow(self._document, raw["requestBody"]))
        responses = raw.get("responses", {}).items()
        new["responses"] = {str(status).upper(): self._response(response) for status, response in responses}
        if "DEFAULT" in new["responses"]:
            new["responses"]["default"] = new["responses"].pop("DEFAULT")
        return {key: value for key, value in new.items() if value != _IDLE.get(key)}

    def _parameters(self, path: str, shared: list[Any], own: list[Any]) -> list[Object]:
        found: dict[tuple[str, str], Object] = {}
        for raw in [*shared, *own]:
            new = self._parameter(path, follow(self._document, raw))
            found[new["in"], new["name"]] = new
        return [found[key] for key in sorted(found) if not _ignored(found[key])]

    def _parameter(self, path: str, raw: Object) -> Object:
        new = {key: value for key, value in raw.items() if key not in ("example", "examples")}
        if not isinstance(raw.get("name"), str) or raw.get("in") not in _STYLES:
            raise StepError("normalise", f"a parameter of {path} has no usable 'name' and 'in': {raw!r:.120}")
        new["name"] = _parameter_name(path, raw)
        new["required"] = bool(raw.get("required")) or raw["in"] == "path"
        style = new.setdefault("style", _STYLES[raw["in"]])
        new.setdefault("explode", style == "form")
        if "schema" in new:
            new["schema"] = self._schemas.at(new["schema"])
        if "content" in new:
            new["content"] = self._content(new["content"])
        return {key: value for key, value in new.items() if value != _IDLE.get(key)}

    def _body(self, raw: Object) -> Object:
        return {
            **raw,
            "required": bool(raw.get("required")),
            "content": self._content(raw.get("content", {})),
        }

    def _response(self, raw: Any) -> Object:
        raw = follow(self._document, raw)
        new = {key: value for key, value in raw.items() if key != "links"}
        new.setdefault("description", "")
        if "headers" in new:
            new["headers"] = {name: self._header(header) for name, header in sorted(new["headers"].items())}
        if "content" in new:
            new["content"] = self._content(new["content"])
        return new

    def _header(self, raw: Any) -> Object:
        new: Object = dict(follow(self._document, raw))
        if "schema" in new:
            new["schema"] = self._schemas.at(new["schema"])
        return {key: value for key, value in new.items() if key not in ("example", "examples")}

    def _content(self, content: Object) -> Object:
        return {media_type.lower(): self._media(media) for media_type, media in content.items()}

    def _media(self, raw: Any) -> Object:
        media = {key: value for key, value in follow(self._document, raw).items() if key not in ("example", "examples")}
        if "schema" in media:
            media["schema"] = self._schemas.at(media["schema"])
        return media


def origins(servers: list[Object]) -> list[Object]:
    """The servers without their paths, which stand in the routes."""
    split = [urlsplit(_address(server)) for server in servers]
    return [{"url": f"{part.scheme}://{part.netloc}"} for part in split if part.scheme and part.netloc]


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
