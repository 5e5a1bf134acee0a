"""The gap report as one HTML file: no network, readable on screen, on paper and without scripts."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from handoffmap.telling.gallery import hang
from handoffmap.telling.matrix import SYMBOLS, draw_matrix
from handoffmap.telling.resources import template
from handoffmap.telling.scene import Scene
from handoffmap.telling.story import tell
from handoffmap.telling.wording import ARRIVALS, STANDINGS

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis

__all__ = ["render_html"]


def render_html(diagnosis: Diagnosis) -> str:
    """The report on one diagnosis; it depends on that and on the machine's layout engine alone."""
    scene = Scene(diagnosis)
    gallery, matrix = hang(scene), draw_matrix(scene)
    script = template("report.js")
    page = _environment().get_template("report.html.j2")
    return page.render(
        story=tell(scene),
        gallery=gallery,
        # Pictures were taken apart and written anew, or are written here: no other markup goes in as it is.
        svg=Markup,
        matrix=matrix,
        signs={word: (SYMBOLS[word], says) for word, says in ARRIVALS.items()},
        standings=STANDINGS,
        style=Markup(template("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(template),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = _prose
    return environment


def _prose(text: str) -> Markup:
    """A sentence in which what stands between backticks is set as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # an odd backtick out is part of a name
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )
