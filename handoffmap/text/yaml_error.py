"""PyYAML's syntax errors in plain words: what is wrong, where, and what a person would do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml
from yaml.reader import ReaderError

from handoffmap.text.problem import Problem

if TYPE_CHECKING:
    from handoffmap.text.source import Location, Source

__all__ = ["explain_yaml_error", "unencodable"]

# What YAML 1.1 does not let stand in a file.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Meaning(NamedTuple):
    """What a complaint of the parser (`pattern`, on its "context: problem") means to the author of the file.

    `at_context` says that the place to look at is where the construct began, not where the parser gave up.
    """

    pattern: str
    told: str
    at_context: bool = False


_UNCLOSED_QUOTE = "This quote is never closed; end the text with the same quote"
_UNCLOSED_BRACKET = "This bracket is never closed; end it with `]` or `}`"
_BEHIND_A_VALUE = "Something follows here behind the end of a value; put the whole value in one pair of quotes"
_SECOND_COLON = "A second `: ` in one value; put the text that holds it in quotes"

# The first that matches speaks. The wordings are those of libyaml 0.2.5 and of PyYAML 6.0 itself.
_MEANINGS = (
    _Meaning(r"quoted scalar.*unexpected end of stream", _UNCLOSED_QUOTE, at_context=True),
    _Meaning(
        r"quoted scalar.*unexpected document (?:indicator|separator)",
        "This quote is still open where a new document begins; end the text with the same quote",
        at_context=True,
    ),
    _Meaning(
        r"unknown escape character|did not find expected hexdecimal number|expected escape sequence",
        "This backslash escape is unknown in double quotes; use single quotes, or write two backslashes",
    ),
    _Meaning(
        r"invalid Unicode character escape code",
        "This escape is no character of its own; write the character itself",
    ),
    _Meaning(
        r"flow (?:sequence|mapping).*(?:expected ',' or '[\]}]'|found unexpected end of stream)",
        "A comma or the closing bracket is missing before this",
    ),
    _Meaning(
        r"(?:could not find|did not find) expected ':'",
        "This line is no `key: value`; add the colon and a space, or indent it as part of the text above",
        at_context=True,
    ),
    _Meaning(
        r"mapping values are not allowed",
        "This line is indented deeper than the value above allows; align it with the keys it belongs to",
    ),
    _Meaning(
        r"mapping keys are not allowed",
        "A `? ` cannot start a key here; put a text that begins with it in quotes",
    ),
    _Meaning(
        r"sequence entries are not allowed",
        "A list cannot start here with `- `; put it on a line of its own, under its key",
    ),
    _Meaning(
        r"block collection.*expected (?:'-' indicator|<block end>)",
        "This line does not belong to the list above; start it with `- ` or align it with the list's key",
    ),
    _Meaning(
        r"block mapping.*(?:expected key|expected <block end>)",
        "This line does not line up with the keys above; give all keys of one mapping the same indentation",
    ),
    _Meaning(
        r"expected alphabetic or numeric character",
        "`*` and `&` have a meaning of their own in YAML; put a text that begins with one in quotes",
        at_context=True,
    ),
    _Meaning(
        r"block scalar.*(?:comment or (?:a )?line break|chomping or indentation indicators)",
        "`|` and `>` start a text on the lines below; put a value that begins with one in quotes",
        at_context=True,
    ),
    _Meaning(
        r"indentation indicator",
        "The digit behind `|` or `>` must be 1 to 9; leave it out",
    ),
    _Meaning(
        r"expected '?<document start>'?",
        "The mapping above ended before this line; align it with the other keys of the file",
    ),
    _Meaning(
        r"expected (?:the )?node content",
        "A value is missing before this, or this bracket or comma is too many",
    ),
    _Meaning(
        r"directive|YAML document|%YAML|%TAG|version number",
        "A line that begins with `%` instructs YAML parsers, and this one is not understood; delete it",
    ),
    _Meaning(r"\btag\b", "`!` starts a YAML tag; delete it, or put a text that begins with `!` in quotes"),
)

_STARTERS = {
    "\t": "A tab is used for indentation; YAML wants spaces",
    "@": "A value cannot begin with `@`; put it in quotes",
    "`": "A value cannot begin with a backtick; put it in quotes",
    "%": "A value cannot begin with `%`; put it in quotes",
}


def explain_yaml_error(source: Source, error: Exception) -> Problem:
    """Make the located `syntax` problem of an error that PyYAML raised while reading `source`.

    The parser's own words stay at the end, for those who want to look them up.
    """
    if isinstance(error, ReaderError):
        return _forbidden_character(source)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem("syntax", _told("The file is not valid YAML", str(error)), source.location(0))
    at = min(error.problem_mark.index, len(source.text))
    begun = at if error.context_mark is None else error.context_mark.index
    own = ": ".join(part for part in (error.context, error.problem) if part)
    told, at_context = _meaning(source, own, at, begun)
    if at_context:
        return Problem("syntax", _told(told, own), _one_character(source, begun))
    other = None if begun == at or error.context_mark is None else _one_character(source, begun)
    return Problem("syntax", _told(told, own), _one_character(source, at), other=other)


def unencodable(source: Source, offset: int) -> Problem:
    """Make the problem of half a character (a lone surrogate), which no UTF-8 file can hold."""
    message = "Half a character (a lone surrogate) is not text; delete it"
    return Problem("syntax", message, source.location(offset, offset + 1))


def _meaning(source: Source, own: str, at: int, begun: int) -> tuple[str, bool]:
    """Choose the message, and whether it speaks of where the construct began."""
    character = source.text[at : at + 1]
    if "cannot start any token" in own:
        return _STARTERS.get(character, "A value cannot begin with this character; put it in quotes"), False
    line, column = source.line_and_column(at)
    before = source.snippet(line)[: column - 1]
    if "\t" in before[: len(before) - len(before.lstrip())] or (character == "\t" and not before.strip()):
        return _STARTERS["\t"], False
    if "mapping values" in own and ": " in before:
        return _SECOND_COLON, False
    if before.strip(" -") and ("expected key" in own or "expected <block end>" in own):
        return _BEHIND_A_VALUE, False
    for meaning in _MEANINGS:
        if re.search(meaning.pattern, own, re.DOTALL):
            if "flow " in own and not source.text[at:].strip():
                return _UNCLOSED_BRACKET, True
            return meaning.told, meaning.at_context and begun <= at
    return "The file is not valid YAML here", False


def _forbidden_character(source: Source) -> Problem:
    found = _FORBIDDEN.search(source.text)
    if found is None:
        return Problem("syntax", "The file holds a character that YAML does not allow", source.location(0))
    if "\ud800" <= found.group() <= "\udfff":
        return unencodable(source, found.start())
    code = ord(found.group())
    message = f"The control character U+{code:04X} is not allowed in YAML; delete it"
    return Problem("syntax", message, source.location(found.start(), found.end()))


def _one_character(source: Source, offset: int) -> Location:
    """Make a span of one character, or of none at the end of a line or of the file."""
    empty = source.text[offset : offset + 1] in {"", "\n", "\r"}
    return source.location(offset, offset if empty else offset + 1)


def _told(message: str, own: str) -> str:
    return f"{message} (YAML: {own})"
