"""The folders that ship with the package are found, and nothing outside them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoffmap.telling import resources

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ["../pyproject.toml", "/etc/passwd", "", ".", "..", "no_such_name", "x\x00y"]


def test_every_topology_of_the_checkout_is_listed_and_read() -> None:
    files = sorted((ROOT / "topologies").glob("*.yaml"))
    assert resources.topologies() == tuple(file.name for file in files)
    assert [resources.topology(file.name) for file in files] == [file.read_text("utf-8") for file in files]


def test_a_topology_may_be_named_without_its_ending() -> None:
    assert resources.topology("three_handoffs") == resources.topology("three_handoffs.yaml")


def test_every_template_of_the_checkout_is_read() -> None:
    files = [file for file in (ROOT / "templates").iterdir() if not file.name.startswith(".")]
    assert files
    assert [resources.template(file.name) for file in files] == [file.read_text("utf-8") for file in files]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_listed_is_not_opened(name: str) -> None:
    with pytest.raises(LookupError, match="among the bundled topologies"):
        resources.topology(name)
    with pytest.raises(LookupError, match="among the bundled templates"):
        resources.template(name)
