from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffmap.telling.sanitize import display_width, visible


@pytest.mark.parametrize(
    "text, expected",
    [
        ("plain-name_1", "plain-name_1"),
        ("Lager Süd 数量", "Lager Süd 数量"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b2J", "\\x9b2J"),
        ("a\tb\r\nc", "a\\tb\\r\\nc"),
        ("abc\u202egnp.exe", "abc\\u202egnp.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\xa0b\u2028", "a\\xa0b\\u2028"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("\x00\x7f", "\\x00\\x7f"),
    ],
    ids=ascii,
)
def test_what_would_act_is_made_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(st.text(alphabet=st.characters()))
def test_what_comes_out_can_be_printed_and_stays_as_it_is(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


def test_wide_characters_take_two_columns_and_accents_none() -> None:
    assert display_width("数量") == 4
    assert display_width("e\u0301") == 1
