"""Rows of the tables in which rules speak or keep silent: a rule, a map, and how sure the rule is of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.rules.maps import system

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Row", "asked", "held", "keyed", "silent", "sure"]

Row = Any
"""What `pytest.param` gives; pytest does not publish its type."""


def silent(slug: str, why: str, text: str) -> Row:
    """The rule does not speak, neither with confidence nor as a question."""
    return pytest.param(slug, text, set(), id=f"{slug}: {why}")


def sure(slug: str, why: str, text: str) -> Row:
    """The rule speaks, and every finding of it is confirmed."""
    return pytest.param(slug, text, {"confirmed"}, id=f"{slug}: {why}")


def asked(slug: str, why: str, text: str) -> Row:
    """The rule speaks, and every finding of it hangs on a question."""
    return pytest.param(slug, text, {"undetermined"}, id=f"{slug}: {why}")


def held(quantity: str, **facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Systems that hold one quantity, each with further facts about its cell; the WMS is the record."""
    return {
        name: system(f"{quantity}{'!' if name == 'wms' else '~'}", "application", **{quantity: dict(cell)})
        for name, cell in facts.items()
    }


def keyed(**keys: Any) -> dict[str, dict[str, Any]]:
    """Systems that hold `available`, each with the key by which it knows an item."""
    return {name: system("available!" if name == "wms" else "available~", item_key=key) for name, key in keys.items()}
