"""What is told of a place: the page of the rule that speaks there, or what a key or a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.editor.context import context_at
from handoffmap.reading.meanings import EVENT_MEANINGS, QUANTITY_MEANINGS, UNKNOWN_MEANS, meanings_of
from handoffmap.reading.shape import TABLES, UNKNOWN
from handoffmap.rules import find_rule
from handoffmap.telling.markup import plain
from handoffmap.telling.rule_markdown import rule_markdown

if TYPE_CHECKING:
    from handoffmap.editor.book import Book
    from handoffmap.editor.context import Context
    from handoffmap.reading.shape import Value

__all__ = ["told_at"]


def told_at(book: Book, line: int, column: int) -> str | None:
    """Markdown on a line and a column (from 0, in characters); None where there is nothing to tell."""
    speaking = [
        finding
        for finding in book.findings
        if (finding.location.line, finding.location.column)
        <= (line + 1, column + 1)
        < (finding.location.end_line, finding.location.end_column + 1)
    ]
    parts = []
    for finding in speaking:
        rule = find_rule(finding.code)
        head = f"**{finding.code} {finding.slug}**: {plain(finding.message)}"
        parts.append(f"{head}\n\n{rule_markdown(rule)}" if rule is not None else head)
    word = _word(book, line, column)
    if word is not None:
        parts.append(word)
    return "\n\n---\n\n".join(parts) or None


def _word(book: Book, line: int, column: int) -> str | None:
    """What the key at a place means, or the key whose value stands there."""
    written = book.source.text.split("\n")[line] if line < book.source.line_count else ""
    end = column
    while end < len(written) and (written[end].isalnum() or written[end] in "_-"):
        end += 1
    start = column
    while start > 0 and (written[start - 1].isalnum() or written[start - 1] in "_-"):
        start -= 1
    context = context_at(book.source.text, line, start)
    word = written[start:end]
    if context.key is None:
        docs = _docs(context.value, word) or _meaning(context, word)
        return None if docs is None else f"`{word}`: {docs}"
    way = context_at(book.source.text, line, len(written) - len(written.lstrip(" -")))
    docs = _docs(way.value, context.key)
    told = None if docs is None else f"`{context.key}`: {docs}"
    meaning = _meaning(context, word)
    if meaning is None:
        return told
    return f"`{word}`: {meaning}" if told is None else f"`{word}`: {meaning}\n\n{told}"


def _meaning(context: Context, word: str) -> str | None:
    """What a word means where it stands as a value, an item of a list, or a name that the vocabulary has."""
    scalar = context.value.scalar
    found = None if scalar is None else meanings_of(scalar.words).get(word)
    if found is None and word == UNKNOWN:
        found = UNKNOWN_MEANS
    return found or EVENT_MEANINGS.get(word) or QUANTITY_MEANINGS.get(word)


def _docs(value: Value, key: str) -> str | None:
    if value.table is None or key not in TABLES[value.table].keys:
        return None
    found = TABLES[value.table].keys[key]
    words = found.value.scalar.words if found.value.scalar is not None else ()
    return found.docs + (f"\n\nOne of: {', '.join(f'`{word}`' for word in words)}." if words else "")
