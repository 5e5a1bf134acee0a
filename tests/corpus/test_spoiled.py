"""No sound path is sound by being overlooked: spoil any one of them, and it is the one that is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.check import check_paths, check_sources
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.model import Topology, WritePath

TOPOLOGIES = sorted((Path(__file__).parents[2] / "topologies").glob("*.yaml"))


def brings_amounts(topology: Topology, path: WritePath) -> bool:
    """Whether a path is on and adds to a cell that expects something."""
    holds = topology.systems[path.target].holds
    written = [to.to for to in (path.maps or {}).values() if to is not None and to.to is not None]
    return (
        path.enabled
        and path.payload == "delta"
        and path.delivery == "at_least_once"
        and any(holds[quantity].role != "consumer" for quantity in written)
    )


def cases() -> list[Any]:
    found = []
    for file in TOPOLOGIES:
        (diagnosis,) = check_paths([str(file)]).diagnoses
        for path in diagnosis.topology.write_paths.values():
            if brings_amounts(diagnosis.topology, path):
                name = f"{file.stem}-{path.id}"
                found.append(pytest.param(file, path.id, id=name))
    return found


def spoiled(text: str, path: str) -> str:
    """The map with one path that may lose what it carries."""
    start = re.search(rf"^  - id: {re.escape(path)}\b", text, re.MULTILINE)
    assert start is not None
    after = text[start.end() :].replace("delivery: at_least_once", "delivery: at_most_once", 1)
    return text[: start.end()] + after


@pytest.mark.parametrize(("file", "path"), cases())
def test_a_path_that_loses_messages_is_named(file: Path, path: str) -> None:
    text = spoiled(file.read_text(encoding="utf-8"), path)
    (diagnosis,) = check_sources([Source("spoiled.yaml", text)]).diagnoses
    assert any(
        finding.slug == "lost-delivery" and finding.confidence == "confirmed" and finding.subject.write_path == path
        for finding in diagnosis.findings
    )
