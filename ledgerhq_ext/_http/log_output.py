"""The log of calls on standard error, where ``LEDGERHQ_LOG`` asks for it."""

from __future__ import annotations

import logging
import os

from ledgerhq_ext._http.hooks import log
from ledgerhq_ext.errors import InputError

_VARIABLE = "LEDGERHQ_LOG"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


def show_log() -> None:
    """Let the logger of this package speak to standard error, as ``LEDGERHQ_LOG`` says.

    ``debug`` is a line for every response, failure and retry, ``info`` one for every failure and
    retry. Without the variable nothing changes. Raises ``InputError`` for another word.
    """
    word = os.environ.get(_VARIABLE, "").strip().lower()
    if not word:
        return
    if word not in _LEVELS:
        raise InputError(f"{_VARIABLE} must be {' or '.join(_LEVELS)}, not {word!r}.")

    log.setLevel(_LEVELS[word])
    # Where the app writes its logs itself, a second handler would say everything twice.
    if not log.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        log.addHandler(handler)
