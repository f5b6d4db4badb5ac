"""What a page of rows takes in memory as records, to what it takes as dicts."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

from ledgerhq_ext import models
from ledgerhq_ext._wire import Reading, read_many
from scripts.bench.ratios import Ratio, ratio_of
from scripts.bench.service import ORGANIZATION, PAGE

_AIM = 0.62
_PAGES = 20
_READING = Reading(organization_id=ORGANIZATION)


def held() -> Ratio:
    """Return the ratio of what is held, once all that it was made of is gone."""
    _records()

    def own() -> float:
        """Return the bytes of some pages as records."""
        return _bytes(_records)

    def other() -> float:
        """Return the bytes of the same pages as dicts."""
        return _bytes(_dicts)

    return ratio_of("memory of held rows, to dicts", _AIM, own, other, pairs=3)


def _dicts() -> Any:
    return json.loads(PAGE)["data"]


def _records() -> Any:
    return read_many(models.BankTransaction, _dicts(), _READING)


def _bytes(make: Callable[[], Any]) -> float:
    gc.collect()
    tracemalloc.start()
    pages = [make() for _ in range(_PAGES)]
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(pages)
