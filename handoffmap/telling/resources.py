"""The two folders that ship with the package: templates and bundled topologies.

In a wheel they lie inside the package, in a checkout (an editable install included) beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["template", "topologies", "topology"]


def template(name: str) -> str:
    """The text of one template, named by its file name.

    Fits `jinja2.FunctionLoader`. Raises `LookupError` if there is no such template.
    """
    return _text("templates", name)


def topologies() -> tuple[str, ...]:
    """The file names of the bundled topologies, sorted."""
    return _names("topologies", ".yaml")


def topology(name: str) -> str:
    """The text of one bundled topology, named as in `topologies()` or without its `.yaml`.

    Raises `LookupError` if there is no such topology.
    """
    return _text("topologies", name if name.endswith(".yaml") else f"{name}.yaml")


def _text(folder: str, name: str) -> str:
    names = _names(folder)
    # Only what is listed is opened, so that a name such as ../x reaches nothing.
    if name not in names:
        message = f"no {name!r} among the bundled {folder}: {', '.join(names) or 'there are none'}"
        raise LookupError(message)
    return _folder(folder).joinpath(name).read_text(encoding="utf-8")


def _names(folder: str, ending: str = "") -> tuple[str, ...]:
    return tuple(
        sorted(
            entry.name
            for entry in _folder(folder).iterdir()
            if entry.is_file() and entry.name.endswith(ending) and not entry.name.startswith(".")
        ),
    )


def _folder(name: str) -> Traversable:
    # importlib.resources costs milliseconds, and only report, diagram and init need it.
    from importlib.resources import files
    from pathlib import Path

    inside = files("handoffmap").joinpath(name)
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / name
