"""The language server, driven by a client that speaks the protocol with it over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from handoffmap.editor.actions import actions_at
from handoffmap.editor.book import Book
from handoffmap.editor.rename import renamed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

ROOT = Path(__file__).resolve().parents[2]
BROKEN = """\
# Ünïcødé 📦 before everything: columns are counted in UTF-16
handoffmap: 1
systems:
  shop: {kind: storefront, owner: web, holds: {available: mirror}, item_key: sku}
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}, item_key: sku}
events:
  order_captured: {at: [shop]}
write_paths:
  - id: order-to-wms  # 📦
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhok
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: none
    handoff: outbox
    dead_letter: {monitored: true, replay: manual}
controls: []
"""


class Editor:
    """One open file, and what the server has said of it."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        self.client = client
        self.uri = path.as_uri()
        self.text = path.read_text(encoding="utf-8")
        self.version = 0
        self.said: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()

    @property
    def document(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)

    async def open(self) -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri, "yaml", self.version, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    async def type(self, text: str) -> list[types.Diagnostic]:
        self.text, self.version = text, self.version + 1
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(self.version, self.uri), [whole])
        )
        return await self.diagnostics()

    async def diagnostics(self) -> list[types.Diagnostic]:
        await asyncio.wait_for(self.news.wait(), 60)
        self.news.clear()
        return self.said[self.uri]

    def place(self, words: str, behind: int = 0) -> types.Position:
        """Where some words begin, or so many characters behind it, as the protocol counts."""
        before = self.text[: self.text.index(words) + behind]
        line = before.count("\n")
        column = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
        return types.Position(line, column)

    def applied(self, edit: types.WorkspaceEdit) -> str:
        """The text with the edits of this file, from the last to the first."""
        assert edit.changes
        lines = self.text.split("\n")

        def offset(position: types.Position) -> int:
            units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
            return sum(len(line) + 1 for line in lines[: position.line]) + len(units.decode("utf-16-le"))

        text = self.text
        edits = sorted(edit.changes[self.uri], key=lambda each: offset(each.range.start), reverse=True)
        for each in edits:
            text = text[: offset(each.range.start)] + each.new_text + text[offset(each.range.end) :]
        return text


def in_editor(path: Path, act: Callable[[Editor], Awaitable[None]], root: Path | None = None) -> None:
    """Start a server, open a file in it, act, and stop it; `root`: the folder of the workspace."""

    async def session() -> None:
        client = LanguageClient("test", "1")
        await client.start_io(sys.executable, "-m", "handoffmap", "lsp", cwd=str(ROOT))
        editor = Editor(client, path)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # pygls's own
        def heard(params: types.PublishDiagnosticsParams) -> None:
            editor.said[params.uri] = list(params.diagnostics)
            if params.uri == editor.uri:
                editor.news.set()

        await client.initialize_async(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(), process_id=None, root_uri=(root or path.parent).as_uri()
            )
        )
        client.initialized(types.InitializedParams())
        try:
            await act(editor)
        finally:
            await client.shutdown_async(None)
            client.exit(None)
            await client.stop()  # type: ignore[no-untyped-call]  # as above

    asyncio.run(session())


def run(path: Path, act: Callable[[Editor], Coroutine[Any, Any, None]], root: Path | None = None) -> None:
    in_editor(path, act, root)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_a_broken_file_is_mended_by_quick_fixes_until_it_checks_clean(broken: Path) -> None:
    async def act(editor: Editor) -> None:
        (problem,) = await editor.open()
        assert problem.code == "HM006 unknown-word"
        assert problem.range.start == editor.place("webhok")
        fix = await _first_action(editor, problem)
        assert fix.title == "Write `webhook`"
        assert fix.edit is not None
        found = await editor.type(editor.applied(fix.edit))
        (replay,) = [each for each in found if each.severity == types.DiagnosticSeverity.Error]
        assert replay.code == "HM201 duplicate-delivery"
        remedy = await _first_action(editor, replay)
        assert remedy.edit is not None
        left = await editor.type(editor.applied(remedy.edit))
        assert [each.code for each in left if each.severity == types.DiagnosticSeverity.Error] == []
        assert "📦" in editor.text

    run(broken, act)


def test_words_and_names_are_completed_while_the_line_is_not_whole(broken: Path) -> None:
    async def act(editor: Editor) -> None:
        await editor.open()
        await editor.type(editor.text.replace("trigger: webhok", "trigger: ").replace("to: wms\n", "to: \n"))
        triggers = await _completed(editor, editor.place("trigger: ", len("trigger: ")))
        assert {"webhook", "queue", "unknown"} <= set(triggers)
        systems = await _completed(editor, editor.place("to: \n", len("to: ")))
        assert {"shop", "wms"} <= set(systems)
        keys = await _completed(editor, editor.place("    op: adjust", 4))
        assert {"delivery", "dedupe", "guard"} <= set(keys)
        events = await _completed(editor, editor.place("[order_captured]", 1))
        assert "order_captured" in events

    run(broken, act)


def test_a_name_is_found_and_renamed_everywhere(broken: Path) -> None:
    async def act(editor: Editor) -> None:
        await editor.open()
        at = editor.place("to: wms", 5)
        found = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document, at))
        assert isinstance(found, list)
        (declared,) = found
        assert isinstance(declared, types.Location)
        assert declared.range.start == editor.place("wms: {kind")
        references = await editor.client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(include_declaration=True), editor.document, at)
        )
        assert references is not None
        assert len(references) == 2
        edit = await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, "warehouse_1"))
        assert edit is not None
        text = editor.applied(edit)
        assert "  warehouse_1: {kind: wms, owner: warehouse" in text
        assert "    to: warehouse_1\n" in text
        taken = await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, "shop"))
        assert taken is None

    run(broken, act)


def test_hovering_tells_the_page_of_the_rule_or_what_a_key_means(broken: Path) -> None:
    async def act(editor: Editor) -> None:
        await editor.open()
        await editor.type(editor.text.replace("webhok", "webhook"))
        assert "HM201 duplicate-delivery" in await _hovered(editor, editor.place("dedupe: none"))
        assert "at_most_once" in await _hovered(editor, editor.place("delivery:", 2))

    run(broken, act)


async def _first_action(editor: Editor, diagnostic: types.Diagnostic) -> types.CodeAction:
    context = types.CodeActionContext([diagnostic])
    found = await editor.client.text_document_code_action_async(
        types.CodeActionParams(editor.document, diagnostic.range, context)
    )
    assert found
    first = found[0]
    assert isinstance(first, types.CodeAction)
    return first


async def _completed(editor: Editor, at: types.Position) -> list[str]:
    found = await editor.client.text_document_completion_async(types.CompletionParams(editor.document, at))
    assert isinstance(found, types.CompletionList)
    return [item.label for item in found.items]


async def _hovered(editor: Editor, at: types.Position) -> str:
    found = await editor.client.text_document_hover_async(types.HoverParams(editor.document, at))
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


def test_a_new_name_goes_to_every_file_of_the_map_and_what_is_open_counts_before_the_disk(tmp_path: Path) -> None:
    part = tmp_path / "systems.yaml"
    part.write_text("systems:\n  wms: {kind: wms, owner: w, holds: {available: authoritative}}\n", encoding="utf-8")
    root = tmp_path / "map.yaml"
    root.write_text("handoffmap: 1\ninclude: [systems.yaml]\ncontrols: []\nsystems: {}\n", encoding="utf-8")
    opened = {str(root): root.read_text(encoding="utf-8"), str(part): part.read_text(encoding="utf-8") + "  erp: {}\n"}
    book = Book(str(part), opened, date(2026, 11, 23))
    assert {
        each.location.file for each in book.all_findings if "erp" in each.message or each.slug == "missing-key"
    } == {str(part)}
    opened = {str(root): root.read_text(encoding="utf-8") + "events: {po_received: {at: [wms]}}\n"}
    book = Book(str(root), opened, date(2026, 11, 23))
    found = renamed(book, 4, 29, "depot")
    assert {Path(source.name).name for source, _ in found} == {"map.yaml", "systems.yaml"}


PARTS = {
    "map.yaml": """\
handoffmap: 1
include: [teams/web/shop.yaml, teams/warehouse/wms.yaml]
events:
  order_captured: {at: [shop]}
controls: []
""",
    "teams/web/shop.yaml": """\
systems:
  shop: {kind: storefront, owner: web, holds: {}}
write_paths:
  - id: order-to-wms
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: none
    handoff: outbox
    dead_letter: {monitored: true, replay: manual}
waivers:
  - {rule: HM601, subject: order-to-wms, reason: agreed, until: 2099-01-31}
  - {rule: HM501, subject: wms.available, reason: agreed, until: 2099-01-31}
""",
    "teams/warehouse/wms.yaml": """\
systems:
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A map of parts in folders of their own; gives the part of the web team."""
    for name, text in PARTS.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "teams" / "web" / "shop.yaml"


def test_a_part_is_judged_as_what_it_is_in_the_map_above_it(project: Path) -> None:
    async def act(editor: Editor) -> None:
        found = await editor.open()
        assert "HM201 duplicate-delivery" in {each.code for each in found}
        assert not {each.code for each in found} & {"HM004 dangling-reference", "HM007 missing-key"}
        broken_reference = await editor.type(editor.text.replace("to: wms", "to: wmss"))
        assert [each.code for each in broken_reference] == ["HM004 dangling-reference"]
        fix = await _first_action(editor, broken_reference[0])
        assert fix.title == "Write `wms`"
        assert fix.edit is not None
        assert editor.applied(fix.edit).count("to: wms\n") == 1

    run(project, act, root=project.parents[2])


def test_a_part_finds_its_map_up_to_the_root_of_the_repository_and_no_further(project: Path) -> None:
    def slugs(part: Path, **more: Any) -> set[str]:
        book = Book(str(part), {}, date(2026, 11, 23), **more)
        return {finding.slug for finding in book.all_findings}

    assert "duplicate-delivery" not in slugs(project)  # nothing says how far the project goes
    assert "duplicate-delivery" in slugs(project, folders=(str(project.parents[2]),))
    (project.parents[2] / ".git").mkdir()
    assert "duplicate-delivery" in slugs(project)
    (project.parents[1] / ".git").mkdir()
    assert "duplicate-delivery" not in slugs(project)


def test_names_lead_from_file_to_file_and_are_changed_in_all_of_them(project: Path) -> None:
    async def act(editor: Editor) -> None:
        await editor.open()
        at = editor.place("to: wms", 5)
        found = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document, at))
        assert isinstance(found, list)
        assert [Path(str(each.uri)).name for each in found if isinstance(each, types.Location)] == ["wms.yaml"]
        references = await editor.client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(include_declaration=True), editor.document, at)
        )
        assert references is not None
        assert sorted(Path(each.uri).name for each in references) == ["shop.yaml", "shop.yaml", "wms.yaml"]
        edit = await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, "depot"))
        assert edit is not None
        assert edit.changes is not None
        assert {Path(uri).name for uri in edit.changes} == {"shop.yaml", "wms.yaml"}
        text = editor.applied(edit)
        assert "to: depot\n" in text
        assert "subject: depot.available" in text
        path = editor.place("subject: order-to-wms", 12)  # a waiver's subject is a name of the path
        edit = await editor.client.text_document_rename_async(types.RenameParams(editor.document, path, "orders"))
        assert edit is not None
        text = editor.applied(edit)
        assert "- id: orders\n" in text
        assert "subject: orders," in text

    run(project, act, root=project.parents[2])


def test_what_the_project_has_settled_holds_while_somebody_types(project: Path) -> None:
    root = project.parents[2]
    (root / "rules.yaml").write_text(
        """\
handoffmap_rules: 1
rules:
  - code: HM901
    slug: nameless-shop
    about: systems
    severity: note
    message: "{id} is a shop"
    mend: Say which one.
    when: {kind: storefront}
""",
        encoding="utf-8",
    )
    settings = root / "handoffmap.toml"
    settings.write_text('ignore = ["HM011"]\nseverity = {HM201 = "note"}\nrules = ["rules.yaml"]\n', encoding="utf-8")

    async def act(editor: Editor) -> None:
        found = {each.code: each.severity for each in await editor.open()}
        assert found["HM201 duplicate-delivery"] == types.DiagnosticSeverity.Information
        assert found["HM901 nameless-shop"] == types.DiagnosticSeverity.Information
        settings.write_text("ignore = 7\n", encoding="utf-8")  # broken settings take nothing away
        found = {each.code: each.severity for each in await editor.type(editor.text + "# more\n")}
        assert found["HM201 duplicate-delivery"] == types.DiagnosticSeverity.Error

    run(project, act, root=root)


def test_hovering_and_completing_tell_what_a_word_means(broken: Path) -> None:
    async def act(editor: Editor) -> None:
        await editor.open()
        assert "may come more than once" in await _hovered(editor, editor.place("at_least_once", 3))
        assert "order is taken" in await _hovered(editor, editor.place("[order_captured]", 4))
        await editor.type(editor.text.replace("webhok", ""))
        at = editor.place("trigger: ", len("trigger: "))
        found = await editor.client.text_document_completion_async(types.CompletionParams(editor.document, at))
        assert isinstance(found, types.CompletionList)
        (webhook,) = [item for item in found.items if item.label == "webhook"]
        assert webhook.documentation == "The source calls an address when something happens."

    run(broken, act)


def test_rules_subjects_and_products_are_completed_too(broken: Path) -> None:
    waivers = "waivers:\n  - rule: \n    subject: \n"
    text = BROKEN.replace("webhok", "webhook").replace("owner: web,", "product: , owner: web,") + waivers
    broken.write_text(text, encoding="utf-8")

    async def act(editor: Editor) -> None:
        await editor.open()
        rules = await _completed(editor, editor.place("rule: ", len("rule: ")))
        assert {"duplicate-delivery", "no-reconciliation"} <= set(rules)
        subjects = await _completed(editor, editor.place("subject: ", len("subject: ")))
        assert {"order-to-wms", "wms", "order_captured", "wms.available"} <= set(subjects)
        products = await _completed(editor, editor.place("product: ", len("product: ")))
        assert "shopify" in products

    run(broken, act)


def test_a_title_in_the_menu_is_a_line(broken: Path) -> None:
    book = Book(str(broken), {str(broken): BROKEN.replace("webhok", "webhook")}, date(2026, 11, 23))
    titles = [action.title for action in actions_at(book, 0, 100)]
    assert titles
    assert max(map(len, titles)) <= 100
