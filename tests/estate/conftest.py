"""Estates: folders of small maps, some of which share files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ROOT = Path(__file__).resolve().parents[2]
FEW = ("three_handoffs", "three_handoffs.fixed", "discovery_week_one")
"""Bundled maps that are judged quickly: with findings, without any, and with questions."""

PART = """\
systems:
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}, item_key: sku}
"""
SHARED = """\
handoffmap: 1
name: Of two teams
include: [parts/wms.yaml]
systems:
  shop: {kind: storefront, owner: web, holds: {available: mirror}, item_key: sku}
events:
  order_captured: {at: [shop]}
write_paths:
  - id: order-to-wms  # handoffmap: allow[lost-delivery] until 2099-01-01: nothing is lost here
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: none
waivers:
  - {rule: duplicate-delivery, subject: order-*, reason: the new middleware, owner: web, until: 2026-12-31}
  - {rule: HM501, subject: nothing-of-that-name, reason: gone, until: 2099-01-01}
controls: []
"""


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with three bundled maps, two that include one file, a broken one and what is no map."""
    monkeypatch.chdir(tmp_path)
    maps = tmp_path / "maps"
    (maps / "parts").mkdir(parents=True)
    for name in FEW:
        shutil.copy(ROOT / "topologies" / f"{name}.yaml", maps)
    (maps / "parts" / "wms.yaml").write_text(PART, encoding="utf-8")
    (maps / "shared.yaml").write_text(SHARED, encoding="utf-8")
    (maps / "shared too.yaml").write_text(SHARED.replace("Of two teams", "Of two teams, too"), encoding="utf-8")
    (maps / "other.yaml").write_text("kind: Deployment\n", encoding="utf-8")
    (maps / "broken.yaml").write_text("handoffmap: 1\nsystems: {a: {kind: wsm}}\ninclude: gone.yaml\n", "utf-8")
    (maps / "latin.yaml").write_bytes(b"handoffmap: 1\nname: caf\xe9\n")
    return tmp_path


@pytest.fixture
def check(estate: Path) -> Callable[..., Result]:
    """`handoffmap check` in the estate's folder, on a day on which its waivers hold."""

    def run(*arguments: str, today: str = "2026-11-23", **extra: object) -> Result:
        result = CliRunner().invoke(main, ["check", *arguments, "--today", today], **extra)  # type: ignore[arg-type]
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run
