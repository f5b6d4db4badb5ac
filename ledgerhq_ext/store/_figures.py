"""The figures of an outbox: in all, and company by company, by a handful of statements however many
companies there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, func, select

from ledgerhq_ext.store._decisions import distrusted_since
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import pauses_in_force
from ledgerhq_ext.store._queues import blocked
from ledgerhq_ext.store._reading import moment_or_epoch
from ledgerhq_ext.store._rows import STATES, Pause, Status
from ledgerhq_ext.store._schema import postings
from ledgerhq_ext.store._statements import belongs_to, has_open_alarm

_P = postings.c


def status(db: Connection, owner: Owner | None) -> Status:
    """Return how the outbox stands, of an owner or of all."""
    groups = _groups(db, owner)
    pauses = pauses_in_force(db, owner)
    blocks = blocked(db, owner)
    since = distrusted_since(db)

    groups_of: dict[str, list[Any]] = {}
    for group in groups:
        groups_of.setdefault(group.organization_id, []).append(group)

    organizations: dict[str, Status] = {}
    # By text: in SQLite, a statement by hand can put anything in the place of an id.
    for organization_id in sorted(groups_of, key=str):
        its_groups = groups_of[organization_id]
        its_pauses = [pause for pause in pauses if _holds_up(pause, its_groups)]
        organizations[organization_id] = Status(
            **_counts(its_groups),
            distrusted_since=since,
            oldest_pending_at=_oldest(its_groups),
            paused_until=_last_end(its_pauses),
            waits_for=blocks.get(organization_id),
        )

    return Status(
        **_counts(groups),
        distrusted_since=since,
        oldest_pending_at=_oldest(groups),
        paused_until=_last_end(pauses),
        organizations=organizations,
    )


def _groups(db: Connection, owner: Owner | None) -> Sequence[Any]:
    """Return what is counted, by company, owner and state."""
    state = case((_P.state.in_(STATES), _P.state), else_="needs_attention").label("state")
    may_stand = _P.unknown & (_P.state != "discarded")
    columns = (_P.organization_id, _P.connection, _P.origin, state)
    query = select(
        *columns,
        func.count().label("total"),
        func.count(case((may_stand, 1))).label("unknown"),
        func.count(case((has_open_alarm(), 1))).label("alarms"),
        func.min(case((_P.due_at.is_not(None), _P.added_at))).label("oldest"),
    )
    if owner is not None:
        query = query.where(belongs_to(owner))
    return db.execute(query.group_by(*columns)).all()


def _counts(groups: Sequence[Any]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.state] += group.total
        counts["unknown"] += group.unknown
        counts["alarms"] += group.alarms
    return dict(counts)


def _oldest(groups: Sequence[Any]) -> Any:
    """Return when the oldest posting was added that is not settled, or None."""
    times = [moment_or_epoch(group.oldest) for group in groups if group.oldest is not None]
    return min(times, default=None)


def _last_end(pauses: Sequence[Pause]) -> Any:
    return max((pause.until for pause in pauses), default=None)


def _holds_up(pause: Pause, groups: Sequence[Any]) -> bool:
    """Return whether a pause holds up something that is left of a company."""
    if pause.organization_id is not None:
        return bool(pause.organization_id == groups[0].organization_id)
    # The pause of a whole connection: only where the company has something left of it.
    return any(_is_left_of(group, pause) for group in groups)


def _is_left_of(group: Any, pause: Pause) -> bool:
    if group.oldest is None:
        return False
    is_of_connection = group.connection in (None, pause.connection)
    return is_of_connection and group.origin in (None, pause.origin)
