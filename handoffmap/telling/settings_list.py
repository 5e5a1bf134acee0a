"""The settings of a project, each with its value and what it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from handoffmap.policy.settings import KEYS
from handoffmap.telling.json_v1 import envelope
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from handoffmap.policy.settings import Settings

__all__ = ["render_settings"]


def render_settings(settings: Settings, form: str) -> str:
    """List settings as `text` (TOML, with comments) or `json`."""
    values = {key: getattr(settings, key.replace("-", "_")) for key in KEYS}
    if form == "json":
        return envelope(file=settings.file, settings={key: _plain(value) for key, value in values.items()})
    where = "no file of settings is found: these are what is usual" if settings.file is None else settings.file
    lines = [f"# {visible(where)}"]
    for key, (takes, _) in KEYS.items():
        lines += ("", f"# {takes}", f"{'# ' if values[key] is None else ''}{key} = {_toml(values[key])}")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {json.dumps(each)}" for name, each in value.items()) + "}"
    return json.dumps(_plain(value))
