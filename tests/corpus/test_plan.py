"""What `plan` prints for the smallest map, frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = "topologies/three_handoffs.yaml"


@pytest.mark.parametrize(("golden", "form"), [
    ("three_handoffs.plan.txt", "text"),
    ("three_handoffs.plan.json", "json"),
    ("three_handoffs.plan.md", "markdown"),
])  # fmt: skip
def test_the_plan_is_the_golden_one(as_in_golden: Callable[..., None], golden: str, form: str) -> None:
    as_in_golden(golden, "plan", FILE, "--output-format", form, code=0)


def test_the_mended_map_has_none(as_in_golden: Callable[..., None]) -> None:
    as_in_golden("three_handoffs.fixed.plan.txt", "plan", "topologies/three_handoffs.fixed.yaml", code=0)
