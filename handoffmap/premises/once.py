"""A property that is worked out when it is first asked for and kept.

`functools.cached_property` takes a lock for that up to Python 3.11, which a large map asks for millions of times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["once"]

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - reads like `property`
    """Work a value out at first sight, and put it in the place of the property on that instance."""

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> once[T] | T:
        """Give the value, and from now on without this detour: the instance's own entry goes first."""
        if instance is None:
            return self
        found = self._work_out(instance)
        setattr(instance, self._name, found)  # through `__dict__` each instance would get a dict of its own
        return found
