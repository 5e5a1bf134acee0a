"""One case of a rule: a map that it must leave alone, or one in which it must speak; the id says why."""

from __future__ import annotations

from typing import Any, Final

import pytest

__all__ = ["CONFIRMED", "UNDETERMINED", "silent", "speaks"]

CONFIRMED: Final = "confirmed"
UNDETERMINED: Final = "undetermined"


def silent(slug: str, because: str, text: str) -> Any:
    """The rule must say nothing about this file, neither as a finding nor as a question."""
    return pytest.param(slug, text, id=f"{slug}: {because}")


def speaks(slug: str, because: str, text: str, confidence: str = CONFIRMED) -> Any:
    """The rule must speak of this file, with this confidence and no other."""
    return pytest.param(slug, confidence, text, id=f"{slug}: {because}")
