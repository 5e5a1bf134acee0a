"""Maps of systems and write paths: which counts must agree, which can drift, and what to ask next.

The public names below are fetched when they are first used: importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.check import check_paths
    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.errors import HandoffmapError
    from handoffmap.reading.schema import json_schema
    from handoffmap.telling.html import render_html
    from handoffmap.telling.markdown import render_markdown

__all__ = [
    "Diagnosis",
    "HandoffmapError",
    "Report",
    "__version__",
    "check_paths",
    "json_schema",
    "render_html",
    "render_markdown",
]

__version__ = "0.1.0"

_HOMES = {
    "Diagnosis": "handoffmap.diagnosis",
    "HandoffmapError": "handoffmap.errors",
    "Report": "handoffmap.diagnosis",
    "check_paths": "handoffmap.check",
    "json_schema": "handoffmap.reading.schema",
    "render_html": "handoffmap.telling.html",
    "render_markdown": "handoffmap.telling.markdown",
}


if not TYPE_CHECKING:  # a type checker takes the imports above, and knows a misspelt name from a late one

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(_HOMES[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
