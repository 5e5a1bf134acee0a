"""Same files, same bytes; the same map in another order differs in places only."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoffmap.check import check_sources
from handoffmap.telling.json_v1 import render_json
from handoffmap.text.source import Source

CHECKOUT = Path(__file__).parents[2]
TOPOLOGIES = sorted((CHECKOUT / "topologies").glob("*.yaml"))
HASH_SEEDS = ("0", "1", "4242")
SHUFFLES = range(6)


# ── hash seeds ────────────────────────────────────────────────────────────────────────────────────


def told(folder: Path, seed: str, *args: str) -> bytes:
    """Standard output of the command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONHASHSEED": seed, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "handoffmap", *args]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, timeout=120, check=False)
    assert done.returncode in {0, 1}, done.stderr
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("form", ["json", "text", "concise"])
def test_check_gives_the_same_bytes_whatever_the_hash_seed(form: str) -> None:
    args = ("check", "topologies", "--verbose", "--output-format", form)
    assert len({told(CHECKOUT, seed, *args) for seed in HASH_SEEDS}) == 1


@pytest.mark.parametrize("form", ["html", "md"])
@pytest.mark.parametrize("stem", ["three_handoffs", "pos_heavy_chain"])
def test_report_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, stem: str, form: str) -> None:
    file = str(CHECKOUT / "topologies" / f"{stem}.yaml")
    pages = set()
    for seed in HASH_SEEDS:
        told(tmp_path, seed, "report", file, "-o", f"{seed}.{form}")
        pages.add((tmp_path / f"{seed}.{form}").read_bytes())
    assert len(pages) == 1


@pytest.mark.parametrize("kind", [("--kind", "map", "--format", "dot"), ("--kind", "matrix"), ("--kind", "gap")])
def test_a_diagram_gives_the_same_bytes_whatever_the_hash_seed(kind: tuple[str, ...]) -> None:
    args = ("diagram", "topologies/marketplace_first.yaml", *kind)
    assert len({told(CHECKOUT, seed, *args) for seed in HASH_SEEDS}) == 1


# ── another order ─────────────────────────────────────────────────────────────────────────────────


def shuffled(text: str, chance: random.Random) -> str:
    """The same map with its entries, and the keys inside them, in another order.

    Lists of words keep theirs, as relays under `via` must.
    """
    root = yaml.compose(text, yaml.SafeLoader)
    nodes: list[yaml.Node] = [] if root is None else [root]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            chance.shuffle(node.value)
            nodes.extend(value for _, value in node.value)
            node.flow_style = False
        elif isinstance(node, yaml.SequenceNode):
            if all(isinstance(entry, yaml.MappingNode) for entry in node.value):
                chance.shuffle(node.value)
            nodes.extend(node.value)
            node.flow_style = False
    return str(yaml.serialize(root, width=10_000))


def without_places(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: without_places(value) for key, value in told.items() if key != "location"}
    if isinstance(told, list):
        return [without_places(each) for each in told]
    return told


def judged(text: str) -> Any:
    return without_places(json.loads(render_json(check_sources([Source("map.yaml", text)]))))


def files() -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in TOPOLOGIES]


@pytest.mark.parametrize("path", files())
def test_the_order_of_the_file_changes_places_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = judged(text)
    assert expected["topologies"][0]["valid"]
    for seed in SHUFFLES:
        other = shuffled(text, random.Random(seed))  # noqa: S311 - no secret
        assert judged(other) == expected, f"seed {seed}"


def test_a_shuffled_map_is_another_text() -> None:
    text = TOPOLOGIES[0].read_text(encoding="utf-8")
    texts = {shuffled(text, random.Random(seed)) for seed in SHUFFLES}  # noqa: S311 - no secret
    assert len(texts) == len(SHUFFLES)
    assert text not in texts
