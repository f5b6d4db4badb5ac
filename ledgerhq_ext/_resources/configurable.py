"""What has options: a handle over a session, which can be had with other options for some calls."""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from typing import Any, Self

from attrs import evolve

from ledgerhq_ext._http.options import CallOptions, check_names
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._http.session import Session


class Configurable:
    """A client or an organization: its session has options that can be changed for some calls."""

    _session: Session

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a copy that shares the connections but has different options for its calls.

        ``books.with_options(deadline=10).post(…)``: ``timeout`` (seconds for each wait for the
        network), ``deadline`` (seconds for a call with its retries), ``retries`` (a number, or a
        ``RetryPolicy``), ``headers`` (added to those set before). The original is unchanged. Raises
        ``InputError`` for an invalid option.
        """
        changes: dict[str, Any] = {}
        if timeout is not None:
            changes["timeout"] = timeout
        if deadline is not None:
            changes["deadline"] = deadline
        if retries is not None:
            changes["retries"] = retries
        # The new headers are checked alone, before they join the earlier ones.
        options = self._session.options
        if headers is not None:
            options = evolve(options, headers=headers)
            changes["headers"] = {**self._session.options.headers, **options.headers}
        return self._with_session(self._session.with_options(evolve(options, **changes)))

    def _with(self, options: CallOptions) -> Self:
        """Return the same with the options that one call was given."""
        if not options:
            return self
        # Who calls this is the method that the options were passed to.
        check_names(options, sys._getframe(1).f_code)
        return self.with_options(**options)

    def _with_session(self, session: Session) -> Self:
        other = copy.copy(self)
        other._session = session
        return other
