"""Text that is safe to show on a terminal: whatever would act instead of being read is made visible."""

from __future__ import annotations

__all__ = ["display_width", "visible"]


def visible(text: str) -> str:
    r"""Give `text` with every character that shows nothing by itself written as an escape (`\x1b`, `\u202e`).

    Those are control characters (escape sequences begin with one), marks that turn the reading direction,
    characters of no width, line and paragraph separators, spaces other than the common one, and halves of
    surrogate pairs.
    """
    if text.isprintable():  # false for exactly the characters above, and one pass in C
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def display_width(text: str) -> int:
    """Columns that a terminal gives to `text`: two for wide East Asian characters, none for accents."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
