"""What **one run of proofs** has worked out already: asked again of the very same map or path, it is looked up.

They are told apart by identity, which is quick and never wrong: each is kept as long as what is known of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["remembered", "remembering"]

_Thing = TypeVar("_Thing")
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")

_KNOWN: ContextVar[dict[object, tuple[object, Any]] | None] = ContextVar("known", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside it, what is `remembered` is worked out once for each thing; with its end all of that is forgotten."""
    before = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(before)


def remembered(work: Callable[Concatenate[_Thing, _Asked], _Answer]) -> Callable[Concatenate[_Thing, _Asked], _Answer]:
    """A function of a map (or of a part of one) and hashable questions, worked out once for each while a run lasts."""

    @wraps(work)
    def looked_up(thing: _Thing, /, *asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        known = _KNOWN.get()
        if known is None:
            return work(thing, *asked, **named)
        key = (work, id(thing), asked, *named.items())
        entry = known.get(key)
        if entry is None:
            entry = known[key] = (thing, work(thing, *asked, **named))
        answer: _Answer = entry[1]
        return answer

    return looked_up
