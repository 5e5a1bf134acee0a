"""The JSON Schema and the interpreter agree: on every map that ships, and on what mutations make of them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from handoffmap.reading.interpret import interpret
from handoffmap.reading.schema import json_schema
from handoffmap.reading.shape import TABLES
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.scalars import value
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.text.node import Node

TOPOLOGIES = sorted(Path(__file__).parents[2].joinpath("topologies").glob("*.yaml"))
VALIDATOR = Draft202012Validator(json_schema())

OTHER_VALUES = [
    Scalar(0, "", plain=True),
    Scalar(0, "~", plain=True),
    Scalar(0, "unknown", plain=True),
    Scalar(0, "true", plain=True),
    Scalar(0, "yes", plain=True),
    Scalar(0, "none", plain=True),
    Scalar(0, "0", plain=True),
    Scalar(0, "12", plain=True),
    Scalar(0, "-1", plain=True),
    Scalar(0, "true", plain=False),
    Scalar(0, "12", plain=False),
    Scalar(0, "two words", plain=True),
    Scalar(0, "30s", plain=True),
    Scalar(0, "2026-04-01", plain=True),
    Scalar(0, "at_least_once", plain=True),
    Items(0),
    Table(0),
]


def as_yaml_1_2(node: Node) -> Any:
    """What an editor's YAML server sees."""
    if isinstance(node, Scalar):
        return value(node)
    if isinstance(node, Items):
        return [as_yaml_1_2(item) for item in node.items]
    assert isinstance(node, Table)
    return {key: as_yaml_1_2(each) for key, each in node.entries.items()}


def read(path: Path) -> tuple[Source, Table]:
    source = Source.read(path)
    root, problems = parse(source)
    assert not problems
    assert isinstance(root, Table)
    return source, root


def places(node: Node) -> list[tuple[Table | Items, str | int]]:
    """Every value below a node, as its holder and its key or index."""
    found: list[tuple[Table | Items, str | int]] = []
    waiting = [node]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, Table):
            found.extend((holder, key) for key in holder.entries)
            waiting.extend(holder.entries.values())
        elif isinstance(holder, Items):
            found.extend((holder, index) for index in range(len(holder.items)))
            waiting.extend(holder.items)
    return found


def test_it_is_a_valid_schema_and_the_same_each_time() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema() == json_schema()


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
def test_bundled_topologies_are_valid(path: Path) -> None:
    _, root = read(path)
    assert [error.message for error in VALIDATOR.iter_errors(as_yaml_1_2(root))] == []


def test_every_key_has_a_hover_text() -> None:
    schema = json_schema()
    tables = {"file": schema, **schema["$defs"]}
    assert set(tables) == set(TABLES)
    for name, table in TABLES.items():
        assert list(tables[name]["properties"]) == list(table.keys)
        for key, said in tables[name]["properties"].items():
            assert said["description"].endswith("."), (name, key)


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
def test_schema_and_interpreter_agree_on_mutations(path: Path) -> None:
    """One value replaced, one key misspelt or left out: either both accept it or both do not."""
    source, root = read(path)
    chance = random.Random(path.stem)  # noqa: S311 - the same mutations in every run
    candidates = places(root)
    disagreements = []
    for _ in range(60):
        holder, key = chance.choice(candidates)
        undo, told = mutate(holder, key, chance)
        _, problems = interpret(root, source)
        shaped = VALIDATOR.is_valid(as_yaml_1_2(root))
        undo()
        if shaped != (not problems):
            disagreements.append((key, told, [problem.message for problem in problems]))
    assert disagreements == []


def mutate(holder: Table | Items, key: str | int, chance: random.Random) -> tuple[Any, str]:
    """Change one place of the tree; gives how to undo it and what was done."""
    if isinstance(holder, Items):
        assert isinstance(key, int)
        before, holder.items[key] = holder.items[key], chance.choice(OTHER_VALUES)
        now = repr(holder.items[key])
        return lambda: holder.items.__setitem__(key, before), now
    assert isinstance(key, str)
    entries, starts = dict(holder.entries), holder.key_starts

    def undo() -> None:
        holder.entries.clear()
        holder.entries.update(entries)
        holder.key_starts = starts

    kind = chance.choice(["value", "value", "value", "misspelt", "left out"])
    if kind == "value":
        holder.entries[key] = chance.choice(OTHER_VALUES)
        return undo, repr(holder.entries[key])
    changed = {f"{name}_x" if name == key else name: each for name, each in entries.items()}
    if kind == "left out":
        del changed[f"{key}_x"]
        index = list(entries).index(key)
        holder.key_starts = starts[:index] + starts[index + 1 :]
    holder.entries.clear()
    holder.entries.update(changed)
    return undo, kind
