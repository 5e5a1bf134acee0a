"""The gap report as GitHub-flavoured Markdown: what the page tells, the map as Mermaid if small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined

from handoffmap.telling.anchor import shown
from handoffmap.telling.diagram import MOST_HANDOFFS, MOST_SYSTEMS
from handoffmap.telling.resources import template
from handoffmap.telling.scene import Scene
from handoffmap.telling.story import tell
from handoffmap.telling.wording import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.finding import Diagnosis
    from handoffmap.telling.story import Link

__all__ = ["render_markdown"]


def render_markdown(diagnosis: Diagnosis) -> str:
    """The report on one diagnosis as Markdown; names from the file stay text wherever they stand."""
    scene = Scene(diagnosis)
    told = _environment().get_template("report.md.j2").render(story=tell(scene), mermaid=_mermaid(scene))
    return re.sub(r"\n{3,}", "\n\n", told).strip() + "\n"


def _environment() -> Environment:
    # No autoescape: HTML's rules are not Markdown's. Every value goes through one of the filters instead.
    environment = Environment(
        autoescape=False,  # noqa: S701
        loader=FunctionLoader(template),
        undefined=StrictUndefined,
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(text=_text, code=_code, prose=_prose, to=_link, links=_links, raw=_Finished)
    return environment


class _Finished(str):
    """Text that is Markdown already."""

    __slots__ = ()


def _finished(value: object) -> object:
    """What a template prints: numbers, finished Markdown, and everything else as plain text."""
    return value if isinstance(value, (_Finished, int)) else _text(str(value))


_SPECIAL = re.compile(r"[\\`*{}\[\]<>|~#!$&@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def _text(text: str) -> _Finished:
    """Text that Markdown shows as it is: no markup, no HTML, no links or mentions that make themselves."""
    if isinstance(text, _Finished):
        return text
    return _Finished(_SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), shown(text)))


def _code(text: str) -> _Finished:
    """Text as code, also in a table and with backticks of its own."""
    line = shown(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return _Finished(f"{fence}{pad}{line}{pad}{fence}" if line else "")


def _prose(text: str) -> _Finished:
    """A sentence in which what stands between backticks is code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return _text(text)
    return _Finished("".join(_code(piece) if place % 2 else _spaced(piece) for place, piece in enumerate(pieces)))


def _spaced(piece: str) -> str:
    """A piece of a sentence with the spaces at its ends, which stand beside code."""
    text = piece.strip()
    if not text:
        return " " * bool(piece)
    return f"{' ' * piece[0].isspace()}{_text(text)}{' ' * piece[-1].isspace()}"


def _link(link: Link) -> _Finished:
    return _Finished(f"[{_text(link.text)}](#{link.to})") if link.to else _text(link.text)


def _links(links: Iterable[Link]) -> _Finished:
    return _Finished(", ".join(_link(link) for link in links))


def _mermaid(scene: Scene) -> _Finished:
    """The map as a Mermaid chart; empty if it is too large to be legible or has no lines."""
    if not 0 < len(scene.paths) <= MOST_HANDOFFS or len(scene.systems) > MOST_SYSTEMS:
        return _Finished("")
    numbers = {system.id: f"s{number}" for number, system in enumerate(scene.systems)}
    lines = ["```mermaid", "flowchart LR"]
    for system in scene.systems:
        star = " ★" if any(held.role == "authoritative" for held in system.holds.values()) else ""
        lines.append(f'  {numbers[system.id]}["{_entities(shown(system.id))}{star}"]')
    for path in scene.paths:
        if path.source in numbers and path.target in numbers:
            mark = STANDINGS[scene.standings[path.id]][0]
            label = f"{mark} {_entities(shown(path.id))}".strip()
            arrow = {"error": "==>", "fine": "-->"}.get(scene.standings[path.id], "-.->")
            lines.append(f'  {numbers[path.source]} {arrow}|"{label}"| {numbers[path.target]}')
    return _Finished("\n".join([*lines, "```"]))


def _entities(text: str) -> str:
    """Mermaid's own escape, for everything but letters, digits and what ids are made of."""
    return "".join(c if c.isalnum() or c in " _-" else f"#{ord(c)};" for c in text)
