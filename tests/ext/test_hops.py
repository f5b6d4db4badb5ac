"""How far it is from ``post()`` to the socket: counted in calls and modules, not in seconds."""

from __future__ import annotations

import logging

import pytest

from scripts.bench.hops import CALLS_AIM, MODULES_AIM, WAYS, Walk, walks


@pytest.fixture(scope="module")
def all_walks() -> dict[str, Walk]:
    """Return the walks of every way, with the logs as an app has them: what they do is not ours."""
    logging.disable(logging.DEBUG)
    try:
        return walks()
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("way", WAYS)
def test_a_warm_post_is_few_calls_from_the_socket(all_walks: dict[str, Walk], way: str) -> None:
    walk = all_walks[way]
    # From the method itself to the stream that wraps the socket: else less was counted than passed.
    assert walk.steps[0].function.endswith(".post")
    assert walk.steps[-1].module in {
        "ledgerhq_ext._http.awaiting_network",
        "ledgerhq_ext._http.network",
    }
    assert walk.calls <= CALLS_AIM
    assert len(walk.modules) <= MODULES_AIM
