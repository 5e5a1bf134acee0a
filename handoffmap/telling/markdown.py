"""The gap report as GitHub-flavoured Markdown: what the page tells, the map as Mermaid if small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined

from handoffmap.telling.anchor import shown
from handoffmap.telling.diagram import MOST_HANDOFFS, MOST_SYSTEMS
from handoffmap.telling.markup import Finished, code, plain, prose
from handoffmap.telling.resources import template
from handoffmap.telling.scene import Scene
from handoffmap.telling.story import tell
from handoffmap.telling.wording import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.diagnosis import Diagnosis
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
    environment.filters.update(text=plain, code=code, prose=prose, to=_link, links=_links, raw=Finished)
    return environment


def _finished(value: object) -> object:
    """What a template prints: numbers, finished Markdown, and everything else as plain text."""
    return value if isinstance(value, (Finished, int)) else plain(str(value))


def _link(link: Link) -> Finished:
    return Finished(f"[{plain(link.text)}](#{link.to})") if link.to else plain(link.text)


def _links(links: Iterable[Link]) -> Finished:
    return Finished(", ".join(_link(link) for link in links))


def _mermaid(scene: Scene) -> Finished:
    """The map as a Mermaid chart; empty if it is too large to be legible or has no lines."""
    if not 0 < len(scene.paths) <= MOST_HANDOFFS or len(scene.systems) > MOST_SYSTEMS:
        return Finished("")
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
    return Finished("\n".join([*lines, "```"]))


def _entities(text: str) -> str:
    """Mermaid's own escape, for everything but letters, digits and what ids are made of."""
    return "".join(c if c.isalnum() or c in " _-" else f"#{ord(c)};" for c in text)
