"""The sandbox's own routes, outside the contract: faults, the state, the period lock, the clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._faults import Fault, lock_period
from ledgerhq_ext.sandbox._routes import JSON

Action = Callable[[Box, JSON], JSON]


def routes(box: Box) -> list[Route]:
    """Return the control routes of a box."""
    return [
        _route(box, "/_sandbox/faults", "POST", _add_fault),
        _route(box, "/_sandbox/faults", "GET", _list_faults),
        _route(box, "/_sandbox/faults", "DELETE", _clear_faults),
        _route(box, "/_sandbox/state", "GET", _summary),
        _route(box, "/_sandbox/lock-period", "POST", _lock_period),
        _route(box, "/_sandbox/advance", "POST", _advance),
    ]


def _route(box: Box, path: str, method: str, action: Action) -> Route:
    async def endpoint(request: Request) -> Response:
        """Do the action, or say what is wrong with its body."""
        try:
            body = json.loads(await request.body() or b"{}")
            return JSONResponse(action(box, body))
        except (LookupError, OverflowError, TypeError, ValueError, sqlite3.Error) as error:
            # Tests read the answer: a traceback of the server would tell them nothing.
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return Route(path, endpoint, methods=[method])


def _add_fault(box: Box, body: JSON) -> JSON:
    return {"fault": box.faults.add(Fault(**body)).route}


def _list_faults(box: Box, _: JSON) -> JSON:
    return {"faults": [_fault(fault) for fault in box.faults.scripts]}


def _fault(fault: Fault) -> JSON:
    fields = ("route", "kind", "times", "after", "rate", "hits")
    return {name: getattr(fault, name) for name in fields}


def _summary(box: Box, _: JSON) -> JSON:
    return box.summary()


def _clear_faults(box: Box, _: JSON) -> JSON:
    box.faults.clear()
    return {"faults": []}


def _lock_period(box: Box, body: JSON) -> JSON:
    lock_period(box.state, body["organizationId"], body["through"])
    return {"lockedThrough": body["through"]}


def _advance(box: Box, body: JSON) -> JSON:
    box.state.clock.advance(float(body["seconds"]))
    return {"now": box.state.now()}
