"""Which operations the generator fails on: found by giving it halves, and halves of halves."""

import shutil
import tempfile
from pathlib import Path

from .errors import reason
from .generate import GeneratorError, generate
from .layout import Layout
from .omissions import without
from .pointers import Object, join

# A run takes seconds; of 400 operations, one is found in 18 runs.
MOST_RUNS = 40


def culprits(
    document: Object, layout: Layout, folder: Path, error: GeneratorError
) -> dict[str, str]:
    """Return the operations without which the generator does not fail, by their pointers. Raises
    `error` when it is not they.

    `document` is a named view on which the generator has failed with `error`.
    """
    search = _Search(document, layout, folder, error)
    places = [
        join("/paths", path, method) for path, item in document["paths"].items() for method in item
    ]

    return search.among(places, error)


class _Search:
    def __init__(
        self, document: Object, layout: Layout, folder: Path, error: GeneratorError
    ) -> None:
        self._document = document
        self._layout = layout
        self._folder = folder
        self._error = error
        self._every = {
            join("/paths", path, method)
            for path, item in document["paths"].items()
            for method in item
        }
        self._runs = 0

    def among(self, places: list[str], error: GeneratorError) -> dict[str, str]:
        """Return the culprits among places on which the generator fails with `error`."""
        if len(places) == 1:
            return {places[0]: f"the generator fails on it: {reason(error)}"}
        half = len(places) // 2
        faults: dict[str, str] = {}
        for part in (places[:half], places[half:]):
            inner = self._fault(part)
            if inner is not None:
                faults |= self.among(part, inner)
        if not faults or len(faults) > len(self._every) // 2:
            # Not this or that operation: something that all of them need.
            raise self._error
        return faults

    def _fault(self, places: list[str]) -> GeneratorError | None:
        self._runs += 1
        if self._runs > MOST_RUNS:
            raise self._error
        part = without(self._document, dict.fromkeys(self._every - set(places), ""))
        with tempfile.TemporaryDirectory(prefix="half-", dir=self._folder) as folder:
            try:
                shutil.rmtree(generate(part, self._layout, Path(folder)))
            except GeneratorError as error:
                return error
        return None
