"""What every test shares: how hypothesis searches."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every run and machine, so that a red run can be run again. Benchmarks judge time.
settings.register_profile("handoffmap", deadline=None, derandomize=True)
# The long search, new examples every time: pytest --hypothesis-profile long tests/properties
settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("handoffmap")
