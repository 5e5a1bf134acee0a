"""What a map is called where it is told of: its file, and what was laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis

__all__ = ["name_of"]


def name_of(diagnosis: Diagnosis) -> str:
    """`map.yaml`, or `map.yaml with market.yaml`; as it is in the file system, so whoever shows it escapes it."""
    laid_over = diagnosis.topology.laid_over
    return f"{diagnosis.file} with {', '.join(laid_over)}" if laid_over else diagnosis.file
