"""Operations, and the four functions by which a module sends one."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial, wraps
from http import HTTPStatus
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, ParamSpec, TypeAlias, TypeVar, cast
from urllib.parse import quote

from .errors import MisfitError, UnexpectedStatus
from .reading import read
from .records import Body, Record, json_value, parts, written
from .types import File, Response, Unset
from .values import Misfit, Reading

if TYPE_CHECKING:
    import httpx

    from .client import Client

P = ParamSpec("P")
T = TypeVar("T")

Source = Literal["json", "text", "bytes", "nothing"]
Answer: TypeAlias = tuple[Source, Any]
"""How the body of an answer is read, and its type."""

_signature = cache(inspect.signature)
_QUOTED = partial(quote, safe="")
NOTHING: Answer = ("nothing", None)
TEXT: Answer = ("text", str)
BYTES: Answer = ("bytes", File)


def json(hint: Any) -> Answer:
    """Return an answer in JSON of a type."""
    return "json", hint


class Operation(NamedTuple, Generic[T]):
    """An operation of the contract: its route, what is sent, and the response of each status.

    The names of parameters on the wire are by arguments, and by where they go: a ``Styled`` one writes its value, as
    do those of fields in ``form``. ``body`` says how the body is sent (a keyword of httpx), and its content type.
    ``answers`` is by status: "200", "2XX", "default".
    """

    method: str
    route: str
    path: Mapping[str, str] = MappingProxyType({})
    query: Mapping[str, str] = MappingProxyType({})
    header: Mapping[str, str] = MappingProxyType({})
    cookie: Mapping[str, str] = MappingProxyType({})
    form: Mapping[str, str] = MappingProxyType({})
    body: tuple[Literal["json", "data", "files", "content"], str] | None = None
    answers: Mapping[str, Answer] = MappingProxyType({})

    def request(self, **arguments: Any) -> dict[str, Any]:
        """Return what httpx sends: its keywords."""
        url = self.route
        for argument, name in self.path.items():
            segment = _text(name, json_value(arguments.pop(argument)), _QUOTED)
            # It would lead to another route, such as that of the whole list.
            if segment in ("", ".", ".."):
                raise ValueError(f"{argument} must not be {segment!r}, which is no segment of a path.")
            url = url.replace(f"{{{name}}}", segment)
        kwargs: dict[str, Any] = {"method": self.method.lower(), "url": url}
        query = _present(self.query, arguments)
        cookies = {name: _text(name, value) for name, value in _present(self.cookie, arguments).items()}
        headers = {name: _text(name, value) for name, value in _present(self.header, arguments).items()}
        if query:
            kwargs["params"] = _pairs(query)
        if cookies:
            kwargs["cookies"] = cookies

        body = arguments.pop("body", None)
        if arguments:
            raise TypeError(f"unexpected arguments: {', '.join(arguments)}")
        if self.body is not None and body is not None and not isinstance(body, Unset):
            self._add_body(kwargs, headers, body)
        if headers:
            kwargs["headers"] = headers
        return kwargs

    def _add_body(self, kwargs: dict[str, Any], headers: dict[str, str], body: Any) -> None:
        assert self.body is not None
        keyword, media_type = self.body
        if keyword == "files":
            # httpx makes up the boundary, and the header that names it.
            fields = written(body, complete=False) if isinstance(body, Record) else body
            is_body = isinstance(body, Body)
            kwargs["files"] = body.to_multipart(self.form) if is_body else parts(fields.items(), self.form)
            return
        if keyword == "content":
            kwargs["content"] = body.payload if isinstance(body, File) else body
            media_type = _concrete(media_type, body)
        else:
            is_record = isinstance(body, Record) or not hasattr(body, "to_dict")
            kwargs[keyword] = json_value(body, complete=False) if is_record else body.to_dict()
        if self.form:
            kwargs["data"] = _pairs({self.form.get(name, name): value for name, value in kwargs["data"].items()})
        headers["Content-Type"] = media_type

    def answer(self, status: int) -> Answer | None:
        """Return how the response with a status is read, or None for a status that the operation does not declare."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.answers:
                return self.answers[key]
        return None

    def parse(self, response: httpx.Response, reading: Reading | None = None) -> Any:
        """Return the parsed body of a response.

        Raises ``UnexpectedStatus`` for a status that the operation does not declare, and ``MisfitError`` for a body
        that does not fit.
        """
        answer = self.answer(response.status_code)
        if answer is None:
            raise UnexpectedStatus(response.status_code, response.content)
        source, hint = answer
        if source == "nothing":
            return None
        if source == "text":
            return response.text
        if source == "bytes":
            return File(payload=BytesIO(response.content))
        try:
            return read(hint, response.json(), reading or Reading())
        except Misfit as misfit:
            complaint = misfit.complaint()
            pointer = misfit.pointer()
        raise MisfitError("response", complaint, pointer)

    def send(self, client: Client, **arguments: Any) -> Response[T]:
        """Send a request and return its response."""
        response = client.get_httpx_client().request(**self.request(**arguments))
        return self._response(client, response)

    async def asend(self, client: Client, **arguments: Any) -> Response[T]:
        """Send a request asynchronously and return its response."""
        request = self.request(**arguments)
        content: Any = request.get("content")
        if hasattr(content, "read"):
            # An async client of httpx refuses a file whose reading blocks.
            request["content"] = content.read()
        response = await client.get_async_httpx_client().request(**request)
        return self._response(client, response)

    def _response(self, client: Client, response: httpx.Response) -> Response[T]:
        parsed = None
        if self.answer(response.status_code) is not None or client.raise_on_unexpected_status:
            parsed = cast(T, self.parse(response))
        return Response(
            status_code=_status(response.status_code),
            content=response.content,
            headers=response.headers,
            parsed=parsed,
        )

    def parsed(self, function: Callable[P, Response[T]]) -> Callable[P, T | None]:
        """Return a function like the detailed one that returns what the body says."""

        @wraps(function)
        def sync(*args: P.args, **kwargs: P.kwargs) -> T | None:
            return function(*args, **kwargs).parsed

        return sync

    def awaiting(self, function: Callable[P, Response[T]]) -> Callable[P, Awaitable[Response[T]]]:
        """Return a coroutine function like the detailed one."""

        @wraps(function)
        async def asyncio_detailed(*args: P.args, **kwargs: P.kwargs) -> Response[T]:
            arguments = _signature(function).bind(*args, **kwargs).arguments
            client = arguments.pop("client")
            return await self.asend(client, **arguments)

        return asyncio_detailed

    def awaiting_parsed(self, function: Callable[P, Response[T]]) -> Callable[P, Awaitable[T | None]]:
        """Return a coroutine function like the detailed one that returns what the body says."""
        detailed = self.awaiting(function)

        @wraps(function)
        async def asyncio(*args: P.args, **kwargs: P.kwargs) -> T | None:
            return (await detailed(*args, **kwargs)).parsed

        return asyncio


def _concrete(media_type: str, body: Any) -> str:
    """Return the media type of a body of bytes: the file's own one where the contract has a range of them.

    Raises ``ValueError`` for a file without one, or with another one.
    """
    if "*" not in media_type:
        return media_type
    own = body.mime_type if isinstance(body, File) else None
    if not own or "*" in own or not own.lower().startswith(media_type.partition("*")[0]):
        raise ValueError(
            f"body must be a File whose mime_type is one of {media_type}, which the contract asks for; not {own!r}"
        )
    return own


def _present(names: Mapping[str, str], arguments: dict[str, Any]) -> dict[str, Any]:
    """Take the parameters of one place out of the arguments; what is left out, or None, is not sent."""
    values = {name: arguments.pop(argument, None) for argument, name in names.items()}
    return {
        name: json_value(value) for name, value in values.items() if value is not None and not isinstance(value, Unset)
    }


def _pairs(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what stands in a query or a form, by name."""
    pairs: dict[str, Any] = {}
    for name, value in values.items():
        pairs |= name.pairs(value) if hasattr(name, "pairs") else {name: value}
    return pairs


def _text(name: Any, value: Any, quoted: Callable[[str], str] = str) -> str:
    """Return what stands in a path, a header or a cookie."""
    if hasattr(name, "pairs"):
        return str(name.text(value, quoted))
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(str(value))


def _status(code: int) -> HTTPStatus:
    try:
        return HTTPStatus(code)
    except ValueError:
        # The contract's, or nobody's, but none that Python has a name for.
        return cast(HTTPStatus, code)
