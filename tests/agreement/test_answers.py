"""The answers about the small maps of the corpus, held word by word."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.agreement.answers import SAID, answers, corpus
from tests.agreement.compare import read

MAPS = corpus()
WRITES = bool(os.environ.get("HANDOFFMAP_WRITE_GOLDENS"))


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """What was said of each map; said anew where goldens are written."""
    if WRITES:
        entries = {name: answers(read(found)) for name, found in sorted(MAPS.items())}
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(told)}" for name, told in entries.items())
        SAID.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    loaded: dict[str, Any] = json.loads(SAID.read_text(encoding="utf-8"))
    return loaded


def test_every_map_has_its_answers(said: dict[str, Any]) -> None:
    assert set(said) == set(MAPS)


@pytest.mark.parametrize("name", sorted(MAPS))
def test_the_same_is_said(name: str, said: dict[str, Any]) -> None:
    assert answers(read(MAPS[name])) == said[name]
