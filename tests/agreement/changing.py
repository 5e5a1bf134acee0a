"""Facts of a map that is plain data, changed: what the remedies do to a text, done to what was never one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffmap.remedy.edit import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Unchangeable", "changed", "without_event"]

SHORT = {"maps": "to", "holds": "role"}


class Unchangeable(Exception):  # noqa: N818 - an outcome of trying, not an error
    """The map does not have what is to be changed."""


def changed(found: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """The map itself, with its facts changed. Raises `Unchangeable`."""
    for edit in edits:
        _change(found, edit)
    return found


def without_event(name: str) -> Edit:
    """That an event does not happen, for `changed`."""
    return Edit("events", name, (), None, "remove")


def _take_out(found: dict[str, Any], event: str) -> None:
    del found["events"][event]
    for path in found["write_paths"]:
        if event in path.get("events", ()):
            path["events"] = [each for each in path["events"] if each != event]


def _change(found: dict[str, Any], edit: Edit) -> None:
    entries = found.setdefault(edit.section, [] if edit.section in {"write_paths", "controls"} else {})
    if edit.action == "new":
        assert isinstance(edit.value, dict)
        if isinstance(entries, list):
            entries.append({"id": edit.entry, **edit.value})
        else:
            entries[edit.entry] = dict(edit.value)
        return
    entry = _entry(entries, edit.entry)
    if edit == without_event(edit.entry):
        _take_out(found, edit.entry)
        return
    for place, key in enumerate(edit.keys[:-1]):
        inner = entry.get(key)
        if isinstance(inner, list):
            inner = {name: {} for name in inner}
        elif not isinstance(inner, dict):
            short = SHORT.get(edit.keys[place - 1]) if place else None
            inner = {short: inner} if short is not None and inner is not None else {}
        entry[key] = dict(inner)
        entry = entry[key]
    _put(entry, edit.keys[-1], edit)


def _entry(entries: Any, name: str) -> dict[str, Any]:
    found = (
        next((each for each in entries if each["id"] == name), None) if isinstance(entries, list) else entries.get(name)
    )
    if not isinstance(found, dict):
        raise Unchangeable(name)
    return found


def _put(entry: dict[str, Any], key: str, edit: Edit) -> None:
    if edit.action == "set":
        entry[key] = edit.value
    elif edit.action == "remove":
        entry.pop(key, None)
    else:
        listed = entry.get(key)
        if not isinstance(listed, list):
            raise Unchangeable(key)
        rest = [each for each in listed if each != edit.value]
        entry[key] = [*rest, edit.value] if edit.action == "add" else rest
