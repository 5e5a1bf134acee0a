"""PyYAML's stream of events: by its C parser where that is installed, else by the one in Python."""

from __future__ import annotations

import contextlib
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["EVENT_ERRORS", "READER", "events", "events_one_by_one", "is_beyond_its_depth"]

EVENT_ERRORS = (yaml.YAMLError, ValueError, OverflowError)
"""What reading events raises on bad text; the last two come from absurd escapes, in the Python parser."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class _PythonParser(Reader, Scanner, Parser):
    """PyYAML's own parser without composer and constructor: about ten times slower than the C one."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Any:
        event = super().get_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it untyped
        if isinstance(event, yaml.ScalarEvent) and _SURROGATE.search(event.value):
            # The C scanner refuses these escapes by itself; such text could not be written out again.
            raise ScannerError(None, None, "found invalid Unicode character escape code", event.start_mark)  # type: ignore[arg-type]  # the stub forgets the C parser's mark
        return event


PARSER: Any = _PythonParser
with contextlib.suppress(ImportError):  # PyYAML built without libyaml
    PARSER = import_module("yaml.cyaml").CParser

READER = f"{PARSER.__name__} of PyYAML {yaml.__version__}"
"""What reads: another one may word its complaints otherwise."""


def events(text: str) -> Iterator[Any]:
    """Give the events of a YAML text up to its end; their marks count the characters of `text`.

    Raises one of `EVENT_ERRORS` where the text is no YAML, `UnicodeEncodeError` (a ValueError too) at once
    where it holds half a character.
    """
    get_event: Callable[[], Any] = PARSER(text).get_event
    return iter(get_event, None)


def is_beyond_its_depth(error: yaml.MarkedYAMLError) -> bool:
    """Whether a parser gave up for want of depth: libyaml 0.2.6 does at 1,000 levels, before it has told of any."""
    return "maximum nesting depth" in (error.problem or "")


def events_one_by_one(text: str) -> Iterator[Any]:
    """The same events by the parser in Python, which has no limit of its own and looks no further ahead than it must.

    Raises one of `EVENT_ERRORS` where the text is no YAML.
    """
    return iter(_PythonParser(text).get_event, None)
