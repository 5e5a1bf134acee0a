"""The same map written in another order: equal JSON, apart from the places."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from handoffmap.check import check_sources
from handoffmap.telling.json_v1 import render_json
from handoffmap.text.source import Source

TOPOLOGIES = sorted((Path(__file__).parents[2] / "topologies").glob("*.yaml"))
_SECTION = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
_ITEM = re.compile(r"^(?=  - )", re.MULTILINE)
_ENTRY = re.compile(r"^(?=  [A-Za-z0-9_-]+:)", re.MULTILINE)


def shuffled(text: str, seed: int) -> str:
    """The file with its sections, and the entries of its longer sections, in another order."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    sections = [_shuffled_entries(part, chance) for part in _SECTION.split(text) if part.strip()]
    chance.shuffle(sections)
    return "".join(sections)


def _shuffled_entries(section: str, chance: random.Random) -> str:
    mark = {"systems": _ENTRY, "events": _ENTRY, "write_paths": _ITEM, "controls": _ITEM}.get(section.partition(":")[0])
    if mark is None:
        return section
    head, *entries = mark.split(section)
    entries = [entry.rstrip("\n") + "\n" for entry in entries]
    chance.shuffle(entries)
    return "".join((head, *entries))


def told(text: str) -> Any:
    return _without_places(json.loads(render_json(check_sources([Source("map.yaml", text)]))))


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_places(item) for key, item in value.items() if key != "location"}
    return [_without_places(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_in_the_file_moves_places_only(path: Path, seed: int) -> None:
    text = path.read_text(encoding="utf-8")
    other = shuffled(text, seed)
    assert other != text
    assert sorted(other.split()) == sorted(text.split())
    assert told(other) == told(text)
