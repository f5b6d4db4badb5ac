"""The tokens that a client has used, which it must never show, however they come back."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from attrs import evolve

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import LedgerHQError

# One of three characters or fewer stands in too many words: masking it would make texts unreadable.
_SHORTEST = 4
# A text may be cut off inside of a token: its beginning is masked too, from so many characters on.
_BEGINNING = 12
# Those of about sixteen refreshes; older ones are dead.
_REMEMBERED = 32
_MASK = "…"
_ESCAPE_SIGNS = frozenset("\\%&")
"""The characters that an escape begins with."""
# Compiled when a text has one of them: few headers do.
_ESCAPE = r"""(?ix)
      \\+u00([0-9a-f]{2})                        # JSON
    | \\+x([0-9a-f]{2})                          # Python
    | %(?:25)*([0-9a-f]{2})                      # a URL, perhaps inside of another one
    | (&(?:\#x?[0-9a-f]{2,4}|amp|lt|gt|quot);)   # HTML
    | \\+([^\sA-Za-z0-9])                        # a quoted character
    """


class _Secret:
    """A token that no ``repr`` shows, so that no traceback with its locals does."""

    # By hand: every first read would pay for a class that attrs makes.
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where the token, or a beginning of it, stands in a text."""
        start = text.find(self._text[:_BEGINNING])
        while start >= 0:
            end = start + self._length_at(text, start)
            yield start, end
            start = text.find(self._text[:_BEGINNING], end)

    def _length_at(self, text: str, start: int) -> int:
        """Return how many characters of a text are those of the token."""
        longest = min(len(self._text), len(text) - start)
        for length in range(longest):
            if text[start + length] != self._text[length]:
                return length

        return longest


class Secrets:
    """The bearer and refresh tokens, keys, codes and verifiers that one client has used.

    Neither ``repr`` nor a pickle holds them.
    """

    def __init__(self) -> None:
        self._secrets: deque[_Secret] = deque(maxlen=_REMEMBERED)

    def __repr__(self) -> str:
        return f"Secrets({len(self._secrets)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Secrets, ()

    def add(self, *texts: str | None) -> None:
        """Remember tokens that are about to be sent, or came back."""
        for text in texts:
            if text is None or len(text) < _SHORTEST:
                continue

            secret = _Secret(text)
            # A copy, as everywhere here: another thread may add one meanwhile.
            if secret not in tuple(self._secrets):
                self._secrets.append(secret)

    def mask(self, text: str) -> str:
        """Return the text with a mark for every token, also for one that is escaped or cut off."""
        places = [place for secret in tuple(self._secrets) for place in secret.places(text)]
        if not _ESCAPE_SIGNS.isdisjoint(text) and re.search(_ESCAPE, text):
            places += self._escaped_places(text)
        if not places:
            return text
        places.sort()

        pieces: list[str] = []
        end = 0
        for start, stop in places:
            if start >= end:
                pieces += [text[end:start], _MASK]
            end = max(end, stop)
        pieces.append(text[end:])
        return "".join(pieces)

    def _escaped_places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where tokens stand in a text some of whose characters are escaped."""
        plain, origins = _unescaped(text)
        for secret in tuple(self._secrets):
            for start, end in secret.places(plain):
                yield origins[start], origins[end]

    def mask_response(self, response: Response) -> Response:
        """Return the response with masked headers; its body is data, and stays as it is."""
        joined = "\n".join(response.headers.values())
        if self.mask(joined) == joined:
            return response

        headers = {name: self.mask(value) for name, value in response.headers.items()}
        return evolve(response, headers=headers)

    def mask_error(self, error: BaseException) -> None:
        """Take the tokens out of an error of ours, and out of those that it came from."""
        for each in _chain(error):
            if not isinstance(each, LedgerHQError):
                continue

            each.args = self._masked(each.args)
            for name, value in tuple(vars(each).items()):
                setattr(each, name, self._masked(value))

    def _masked(self, value: Any) -> Any:
        """Return a value with the tokens masked in every text within it."""
        if isinstance(value, str):
            return self.mask(value)
        # Lists are in errors too: notes are one.
        for collection in (tuple, list, set, frozenset):
            if isinstance(value, collection):
                return collection(self._masked(item) for item in value)
        if isinstance(value, dict):
            return {self._masked(name): self._masked(item) for name, item in value.items()}
        return value


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error, and those that it came from."""
    errors: list[BaseException] = []
    cause: BaseException | None = error
    # Somebody may have tied a chain into a ring.
    while cause is not None and cause not in errors:
        errors.append(cause)
        cause = cause.__cause__ or cause.__context__
    return errors


def _unescaped(text: str) -> tuple[str, list[int]]:
    """Return the text without its escapes, and for each character where it stood.

    At last, where the text ends.
    """
    characters: list[str] = []
    origins: list[int] = []
    end = 0
    for escape in re.finditer(_ESCAPE, text):
        characters += text[end : escape.start()]
        origins += range(end, escape.start())
        characters.append(_character(escape))
        origins.append(escape.start())
        end = escape.end()
    characters += text[end:]
    origins += range(end, len(text) + 1)
    return "".join(characters), origins


def _character(escape: re.Match[str]) -> str:
    """Return the one character that an escape stands for."""
    json_code, python_code, url_code, entity, quoted = escape.groups()
    code = json_code or python_code or url_code
    if code:
        return chr(int(code, 16))

    if entity:
        # Not at the top: its table of entities is large, and they are rare.
        import html

        return html.unescape(entity)[:1]

    return str(quoted)


# --- the logs of what we send with

IN_USE: ContextVar[Secrets | None] = ContextVar("ledgerhq_secrets", default=None)
"""The tokens of the client that sends in this thread or task."""

# At level DEBUG they show every header of a response, and hpack those of a request too.
_LOGGERS = (
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "httpx",
    "hpack.hpack",
    "hpack.table",
)


# The last fact of the record that a SOCKS proxy is about to be asked: its user and password.
_PROXY_LOGIN = re.compile(r"\bauth=\(.*", re.DOTALL)


class _LogFilter(logging.Filter):
    """Takes the tokens of the client that sends out of what others log about its requests.

    And the login of its proxy, which httpcore logs with the other arguments of SOCKS.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the tokens in a record, and let it pass."""
        secrets = IN_USE.get()
        is_of_socks = record.name == "httpcore.socks"
        # Of an app's own requests: nothing to look for, so its text is not made here.
        if secrets is None and not is_of_socks:
            return True

        text = record.getMessage()
        masked = text
        if is_of_socks:
            masked = _PROXY_LOGIN.sub(f"auth={_MASK}", masked)
        if secrets is not None:
            masked = secrets.mask(masked)
        if masked != text:
            record.msg = masked
            record.args = ()
        return True


_LOG_FILTER = _LogFilter()


def filter_logs() -> None:
    """Keep the tokens of clients out of the logs of httpcore, httpx and hpack.

    A second time does nothing.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_LOG_FILTER)
