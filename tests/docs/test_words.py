"""Every word that a map may use is explained, and every word that is explained may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.reading.meanings import EVENT_MEANINGS, MEANINGS, QUANTITY_MEANINGS
from handoffmap.reading.schema import json_schema
from handoffmap.reading.shape import TABLES
from handoffmap.vocabulary import BUILT_IN_EVENTS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.reading.shape import Value


def words_of(value: Value) -> Iterator[tuple[str, ...]]:
    """The words that a value takes in any of its forms."""
    if value.scalar is not None and value.scalar.words:
        yield value.scalar.words
    for below in (value.items, value.entries):
        if below is not None:
            yield from words_of(below)


def test_every_word_of_every_key_is_explained_and_every_explained_one_exists() -> None:
    used = {words for table in TABLES.values() for key in table.keys.values() for words in words_of(key.value)}
    assert set(MEANINGS) == used


def test_every_quantity_and_every_event_is_explained() -> None:
    assert list(QUANTITY_MEANINGS) == list(QUANTITIES)
    assert list(EVENT_MEANINGS) == list(BUILT_IN_EVENTS)


@pytest.mark.parametrize(
    "said", [*MEANINGS.values(), QUANTITY_MEANINGS, EVENT_MEANINGS], ids=lambda said: next(iter(said))
)
def test_an_explanation_is_a_sentence(said: dict[str, str]) -> None:
    for text in said.values():
        assert text[0].isupper()
        assert text.endswith(".")


def test_the_schema_tells_an_editor_what_each_word_means() -> None:
    def enums(schema: Any) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if "enumDescriptions" in schema:
                yield schema
            for below in schema.values():
                yield from enums(below)
        elif isinstance(schema, list):
            for below in schema:
                yield from enums(below)

    found = list(enums(json_schema()))
    assert len(found) > 40
    for each in found:
        assert len(each["enum"]) == len(each["enumDescriptions"])
        assert all(each["enumDescriptions"]), each["enum"]


def test_every_event_and_figure_of_the_schema_is_described() -> None:
    properties = json_schema()["properties"]
    events = properties["events"]["anyOf"][0]["properties"]
    assert [each["description"] for each in events.values()] == list(EVENT_MEANINGS.values())
