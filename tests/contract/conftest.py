import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkouts import Checkout, make_checkout
from tests.support.contracts import small
from tests.support.warm_generator import warm_generator


@pytest.fixture(scope="session", autouse=True)
def _warm_generator() -> Iterator[None]:
    with warm_generator():
        yield


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout regenerated once from the small contract. Not to be changed."""
    checkout = make_checkout(tmp_path_factory.mktemp("pristine") / "checkout")
    assert checkout.run(small()) == 0
    return checkout


@pytest.fixture
def checkout(pristine: Checkout, tmp_path: Path) -> Checkout:
    """A copy of the regenerated checkout, free to be changed."""
    shutil.copytree(
        pristine.root, tmp_path / "checkout", ignore=shutil.ignore_patterns("build", "__pycache__")
    )
    return Checkout(tmp_path / "checkout")


@pytest.fixture
def empty(tmp_path: Path) -> Checkout:
    """A checkout in which nothing was generated yet."""
    return make_checkout(tmp_path / "checkout")
