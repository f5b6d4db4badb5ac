"""Two operations compared: what is asked for, what is sent, what comes back."""

from collections.abc import Set

from ..contract.pointers import Object, canonical_json, join
from ..contract.statuses import answering
from .contents import Comparisons, Contents, schema_of
from .documents import CALLBACKS, SERVERS, Operation
from .findings import BREAKING, INFO, WARNING, ErrorNotes, Finding, Notes
from .parameters import compare_parameters
from .security import Schemes, compare_security
from .unions import Place
from .use import Use, Used

# By these a list says that it goes on.
_OF_PAGES = frozenset({"nextCursor", "hasMore", "pagination"})
_SAID = (("x-sunset", "sunset"), (CALLBACKS, "callbacks-changed"))


class OperationComparison:
    """One operation of the vendored contract beside the same one of the new contract."""

    def __init__(
        self,
        old: Operation,
        new: Operation,
        comparisons: Comparisons,
        used: Used | None,
        findings: list[Finding],
    ) -> None:
        self._old = Place(old.value, old.pointer)
        self._new = Place(new.value, new.pointer)
        self._comparisons = comparisons
        self._used = used
        self._notes = Notes(findings, old.route)
        self._error_notes = ErrorNotes(findings, old.route)

    @property
    def _itself(self) -> Use | None:
        return self._used.itself if self._used is not None else None

    def run(self, schemes: tuple[Schemes, Schemes], homes: Set[str], *, moved: bool) -> None:
        """Tell everything that has changed; `homes` are the servers of the two documents."""
        compare_security(self._old, self._new, schemes, self._itself, self._notes)
        sent = self._comparisons.sent
        compare_parameters(self._old, self._new, sent, self._used, self._notes, moved=moved)
        self._body()
        self._responses()
        self._said()
        self._servers(homes)

    def give_up(self, why: str) -> None:
        """Tell that the operation could not be compared: breaking for what the layer uses."""
        self._notes.say(
            WARNING, "not-compared", self._old.pointer, None, why, self._itself, is_lost=True
        )

    def _said(self) -> None:
        """Compare what is said of the operation as a whole."""
        pointer = self._old.pointer
        if self._new.schema.get("deprecated") and not self._old.schema.get("deprecated"):
            rule = "operation-deprecated"
            self._notes.say(WARNING, rule, pointer, None, "deprecated", self._itself)
        for key, rule in _SAID:
            was = self._old.schema.get(key)
            now = self._new.schema.get(key)
            if canonical_json(was) != canonical_json(now):
                self._notes.say(WARNING, rule, pointer, was, now, self._itself)

    def _servers(self, homes: Set[str]) -> None:
        """Compare the servers of the operation's own."""
        was = self._old.schema.get(SERVERS)
        now = self._new.schema.get(SERVERS)
        if was == now:
            return

        # A client sends to one server, and not to that of a single operation.
        is_out_of_reach = bool(homes and now) and homes.isdisjoint(now)
        level = BREAKING if is_out_of_reach else WARNING
        self._notes.say(level, "server-changed", self._old.pointer, was, now, self._itself)

    def _body(self) -> None:
        was_there = "requestBody" in self._old.schema
        is_there = "requestBody" in self._new.schema
        if was_there and is_there:
            self._bodies(self._old.child("requestBody"), self._new.child("requestBody"))
        elif was_there:
            pointer = join(self._old.pointer, "requestBody")
            self._notes.say(BREAKING, "request-body-removed", pointer, "a body", None, self._itself)
        elif is_there:
            body = self._new.child("requestBody")
            level = BREAKING if body.schema["required"] else INFO
            word = "a required body" if body.schema["required"] else "an optional body"
            self._notes.say(level, "request-body-added", body.pointer, None, word, self._itself)

    def _bodies(self, old: Place, new: Place) -> None:
        was = old.schema["required"]
        now = new.schema["required"]
        if now and not was:
            rule = "request-body-became-required"
            self._notes.say(BREAKING, rule, old.pointer, "optional", "required", self._itself)
        if was and not now:
            rule = "request-body-became-optional"
            self._notes.say(INFO, rule, old.pointer, "required", "optional", self._itself)
        use = self._used.request if self._used is not None else None
        contents = Contents(self._comparisons, self._used, self._notes, sends=True)
        contents.compare(old, new, use, "request")

    def _responses(self) -> None:
        old = self._old.child("responses")
        new = self._new.child("responses")
        compared: set[str] = set()
        for status in old.schema:
            other = self._answering(status, new.schema)
            if other is None:
                level = BREAKING if _is_success(status) else INFO
                pointer = join(old.pointer, status)
                rule = "response-status-removed"
                self._notes.say(level, rule, pointer, status, None, self._itself)
                continue
            compared.add(other)
            if status != other and _is_success(status):
                pointer = join(old.pointer, status)
                rule = "response-status-changed"
                self._notes.say(WARNING, rule, pointer, status, other, self._itself)
            self._response(status, old.child(status), new.child(other))
        for status in sorted(new.schema.keys() - compared):
            level = WARNING if _is_success(status) else INFO
            pointer = join(new.pointer, status)
            self._notes.say(level, "response-status-added", pointer, None, status, self._itself)

    def _answering(self, status: str, responses: Object) -> str | None:
        """Return which of the new responses speaks of a status: one that the layer reads alike,
        where it reads it.
        """
        own = _answering(status, responses)
        if own is not None or self._used is None:
            return own
        return answering(status, responses, tells_replays=self._used.tells_replays)

    def _response(self, status: str, old: Place, new: Place) -> None:
        use = self._itself
        notes: Notes = self._error_notes
        if _is_success(status):
            use = self._used.response if self._used is not None else None
            notes = self._notes
        contents = Contents(self._comparisons, self._used, notes, sends=False)
        contents.compare(old, new, use, f"response {status}")
        if _is_success(status):
            self._pages(old, new)
        self._headers(old, new)

    def _pages(self, old: Place, new: Place) -> None:
        """Tell that a list comes in pages that can be asked for, where the layer reads it whole."""
        if self._used is None or not self._used.reads_whole_list:
            return
        if not _query(self._new) - _query(self._old):
            return

        before, after = (_answer_of(each) for each in (old, new))
        before, after = self._comparisons.read.opened(before, after)
        words = after.schema.get("properties", {}).keys() - before.schema.get("properties", {})
        for word in sorted(words & _OF_PAGES):
            pointer = join(after.pointer, "properties", word)
            rule = "response-in-pages"
            self._notes.say(BREAKING, rule, pointer, "the whole list", word, self._itself)

    def _headers(self, old: Place, new: Place) -> None:
        olds = _headers_of(old)
        news = _headers_of(new)
        for name in sorted(olds.keys() - news.keys()):
            rule = "response-header-removed"
            self._notes.say(WARNING, rule, olds[name].pointer, name, None, self._itself)
        for name in sorted(news.keys() - olds.keys()):
            rule = "response-header-added"
            self._notes.say(INFO, rule, news[name].pointer, None, name, None)
        for name in sorted(olds.keys() & news.keys()):
            before = schema_of(olds[name])
            after = schema_of(news[name])
            self._comparisons.read.tell(before, after, None, self._notes, f"header {name}")


def _query(operation: Place) -> set[str]:
    parameters = operation.schema.get("parameters", [])
    return {each["name"] for each in parameters if each["in"] == "query"}


def _answer_of(response: Place) -> Place:
    """Return the schema of an answer in JSON, of any value where there is none."""
    if "application/json" not in response.schema.get("content", {}):
        return Place({}, response.pointer)
    return schema_of(response.child("content", "application/json"))


def _is_success(status: str) -> bool:
    return status.startswith(("2", "3"))


def _answering(status: str, responses: Object) -> str | None:
    """Return the response that speaks of a status: its own, its range's, or one of its range."""
    status_range = f"{status[0]}XX"
    if status in responses:
        return status
    if status_range in responses:
        return status_range

    # A range became single statuses: the first of them is compared with it.
    if status != status_range:
        return None
    singles = [other for other in responses if other.startswith(status[0])]
    return min(singles, default=None)


def _headers_of(response: Place) -> dict[str, Place]:
    """Return the headers of a response by their names in small letters."""
    names = response.schema.get("headers", {})
    return {name.lower(): response.child("headers", name) for name in names}
