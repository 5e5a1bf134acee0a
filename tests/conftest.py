"""What every test shares: how hypothesis searches, and where judged maps are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples on every run and machine, so that a red run can be run again. Benchmarks judge time.
settings.register_profile("handoffmap", deadline=None, derandomize=True)
# The long search, new examples every time: pytest --hypothesis-profile long tests/properties
settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("handoffmap")


@pytest.fixture(scope="session", autouse=True)
def _a_cache_of_the_tests_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep nothing in the cache of whoever runs the tests, and take nothing from it."""
    before = os.environ.get("HANDOFFMAP_CACHE_DIR")
    os.environ["HANDOFFMAP_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["HANDOFFMAP_CACHE_DIR"]
    else:
        os.environ["HANDOFFMAP_CACHE_DIR"] = before
