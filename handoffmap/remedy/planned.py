"""The files of a map as a plan would have them, under names of their own beside the originals."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from handoffmap.reading.load import without_dots
from handoffmap.remedy.data import Word, data_of
from handoffmap.remedy.patch import CannotPatch, rewritten
from handoffmap.text.parse import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.remedy.data import Data
    from handoffmap.remedy.draft import Draft
    from handoffmap.text.source import Source

__all__ = ["planned_files", "planned_name"]


def planned_name(name: str) -> str:
    """The name beside a file under which its planned form is written: `map.yaml` gives `map.planned.yaml`."""
    if name == "<stdin>":
        return "stdin.planned.yaml"
    path = PurePosixPath(name)
    ending = path.suffix if path.suffix in {".yaml", ".yml"} else ".yaml"
    return str(path.with_name(f"{path.name.removesuffix(ending)}.planned{ending}"))


def planned_files(before: Draft, after: Draft) -> dict[str, str]:
    """Name → text of every file to write: those that changed, those that include one of them, and always the root.

    Raises `CannotPatch` where an include cannot be pointed to the new file.
    """
    files = {source.name: source for source in after.sources}
    old = {source.name: source.text for source in before.sources}
    renamed = {name for name, source in files.items() if source.text != old.get(name)} | {after.sources[0].name}
    includes = {name: _included(source) for name, source in files.items()}
    growing = True
    while growing:  # whoever includes a renamed file has to say its new name, and so has a new one itself
        more = {name for name, found in includes.items() if not renamed.isdisjoint(found.values())} - renamed
        renamed |= more
        growing = bool(more)
    return {
        planned_name(name): _pointing(files[name], {text for text, file in includes[name].items() if file in renamed})
        for name in sorted(renamed)
    }


def _included(source: Source) -> Mapping[str, str]:
    """Text of each include → the name of the file."""
    root, _ = parse(source)
    data = data_of(root) if root is not None else {}
    listed = data.get("include", []) if isinstance(data, dict) else []
    items = listed if isinstance(listed, list) else [listed]
    folder = PurePosixPath(source.name).parent
    return {item.text: without_dots(folder / PurePosixPath(item.text)) for item in items if isinstance(item, Word)}


def _pointing(source: Source, renamed: set[str]) -> str:
    """The text of a file, its includes of renamed files pointing to the new ones."""
    if not renamed:
        return source.text
    root, _ = parse(source)
    data = data_of(root) if root is not None else {}
    if not isinstance(data, dict):
        raise CannotPatch(f"{source.name} cannot be read")
    return rewritten(source, {**data, "include": _renamed(data["include"], renamed)}).text


def _renamed(data: Data, renamed: set[str]) -> Data:
    if isinstance(data, list):
        return [_renamed(item, renamed) for item in data]
    if isinstance(data, Word) and data.text in renamed:
        return Word(planned_name(data.text), data.plain)
    return data
