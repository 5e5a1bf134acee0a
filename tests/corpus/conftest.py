"""Golden files of this folder: `HANDOFFMAP_WRITE_GOLDENS=1 pytest tests/corpus` writes them anew.

Read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def from_the_checkout(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder is the checkout, so that files have one name everywhere; no colour is asked."""
    monkeypatch.chdir(CHECKOUT)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return CHECKOUT


@pytest.fixture
def as_in_golden(from_the_checkout: Path) -> Callable[..., None]:
    """Run the command line; hold its exit code, and what it prints to a golden file."""

    def compare(golden: str, *args: str, code: int) -> None:
        result = CliRunner().invoke(main, args)
        assert (result.exit_code, result.stderr) == (code, "")
        kept = GOLDEN / golden
        if os.environ.get("HANDOFFMAP_WRITE_GOLDENS"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(result.stdout, encoding="utf-8", newline="\n")
        assert result.stdout == kept.read_text(encoding="utf-8"), f"{golden} differs; see conftest.py"

    return compare
