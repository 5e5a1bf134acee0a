"""Rules that installed packages bring, found by the entry-point group `handoffmap.rules`, loaded when they are asked.

An entry names a function that `own_rule` has entered, or a module with such functions.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from handoffmap.errors import PluginFailed
from handoffmap.own.found import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

    from handoffmap.rules import Rule

__all__ = ["GROUP", "plugin_rules"]

GROUP = "handoffmap.rules"
_METADATA = (".dist-info", ".egg-info")


def plugin_rules(entries: Iterable[EntryPoint] | None = None) -> tuple[Rule, ...]:
    """The rules of all installed packages, by code; `entries`: those of the metadata, unless given.

    Raises `PluginFailed` for one that cannot be loaded or holds no rule.
    """
    if entries is None:
        if not _any_installed():
            return ()
        from importlib.metadata import entry_points

        entries = entry_points(group=GROUP)
    found: dict[str, Rule] = {}
    for entry in sorted(entries, key=lambda each: (each.name, each.value)):
        for rule in _rules(entry):
            found.setdefault(rule.code, rule)
    return tuple(found[code] for code in sorted(found))


def _any_installed() -> bool:
    """Whether any installed package names the group: a glance, where the metadata library costs every run its start."""
    for folder in sys.path:
        try:
            names = [name for name in os.listdir(folder or ".") if name.endswith(_METADATA)]  # noqa: PTH208 - strings, since this is a glance
        except OSError:
            continue
        for name in names:
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123 - as above
                    if GROUP.encode() in file.read():
                        return True
            except OSError:
                continue
    return False


def _rules(entry: EntryPoint) -> list[Rule]:
    try:
        loaded: Any = entry.load()
    except Exception as error:
        told = f"cannot be loaded ({type(error).__name__}: {error})"
        raise PluginFailed(told, where=_where(entry), hint=_HINT) from error
    candidates = vars(loaded).values() if isinstance(loaded, ModuleType) else [loaded]
    rules = [rule for each in candidates if (rule := rule_of(each)) is not None]
    if not rules:
        raise PluginFailed("holds no rule: enter its functions with `own_rule`", where=_where(entry), hint=_HINT)
    return rules


_HINT = "mend or uninstall it, or run with --no-plugins"


def _where(entry: EntryPoint) -> str:
    return f"plugin {entry.name} ({entry.value})"
