"""`check --fix`: safe fixes are written, likely ones are shown on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.cli.printing import say_error, visible, write

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report

__all__ = ["mended"]


def mended(report: Report) -> bool:
    """Make the safe fixes of a run, tell every one, and say whether any file has changed."""
    from handoffmap.editing.fixes import applied, fixes_of

    fixes = fixes_of(report)
    changed = False
    for source in report.sources.values():
        text, made = applied(source, fixes)
        if not made or source.path is None:
            made = ()
        else:
            write(str(source.path), text)
            changed = True
        for fix in fixes:
            if fix.location.file == source.name:
                did = "fixed" if fix in made else "not fixed, since something else may be meant"
                say_error(visible(f"{fix.location.file}:{fix.location.line}: {did}: {fix.says}"))
    return changed
