"""The language server: requests of the protocol answered by what the rest of this package says (needs pygls)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from handoffmap import __version__
from handoffmap.editor.actions import actions_at
from handoffmap.editor.book import Book
from handoffmap.editor.completion import offers_at
from handoffmap.editor.hover import told_at
from handoffmap.editor.rename import NotANewName, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from handoffmap.finding import Finding
    from handoffmap.text.source import Location, Source

__all__ = ["Server", "make_server"]

_SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


class Server(LanguageServer):
    """The server with the files that an editor has opened."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("handoffmap", __version__)
        self.today = today
        self.told: dict[str, set[str]] = {}
        """Document -> the files for which it has had something said."""

    def book(self, uri: str) -> Book:
        """A document with its map, as they are at this moment."""
        texts = {_path(each): document.source for each, document in self.workspace.text_documents.items()}
        folders = [each.uri for each in self.workspace.folders.values()] or [self.workspace.root_uri or ""]
        return Book(_path(uri), texts, self.today(), tuple(_path(each) for each in folders if each))

    def publish(self, uri: str) -> None:
        """Send the findings of a document and of the other files of its map; clear those that have none any more."""
        here = self.book(uri)
        by_file: dict[str, list[Finding]] = {here.path: []}
        for finding in here.all_findings:
            by_file.setdefault(finding.location.file, []).append(finding)
        for file in self.told.get(uri, set()) - set(by_file):
            by_file[file] = []
        self.told[uri] = set(by_file)
        for file, findings in by_file.items():
            source = here.source_of(file)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    uri=uri if file == here.path else _uri_of(file),
                    diagnostics=[_diagnostic(finding, source) for finding in findings],
                )
            )


def make_server(today: Callable[[], date]) -> Server:
    """A server that has not been started: `start_io()` speaks over standard input and output.

    `today` gives the day on which waivers are judged.
    """
    server = Server(today)
    for method, answer in _ANSWERS.items():
        server.feature(method, _OPTIONS.get(method))(answer)
    return server


def _looked_at(
    ls: Server,
    params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams | types.DidSaveTextDocumentParams,
) -> None:
    ls.publish(params.text_document.uri)


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    here = ls.book(params.text_document.uri)
    text = told_at(here, *_point(here.source, params.position))
    return None if text is None else types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))


def _complete(ls: Server, params: types.CompletionParams) -> types.CompletionList:
    here = ls.book(params.text_document.uri)
    items = [
        types.CompletionItem(
            label=offer.word,
            kind=types.CompletionItemKind.Property if offer.is_key else types.CompletionItemKind.Value,
            documentation=offer.says,
            insert_text=f"{offer.word}: " if offer.is_key else offer.word,
            sort_text=f"{place:05}",
        )
        for place, offer in enumerate(offers_at(here, *_point(here.source, params.position)))
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def _definition(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
    here = ls.book(params.text_document.uri)
    name = here.name_at(*_point(here.source, params.position))
    found = [] if name is None else here.alike(name)
    return [_named(source, each.start, each.end) for source, each in found if each.declares]


def _references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    here = ls.book(params.text_document.uri)
    name = here.name_at(*_point(here.source, params.position))
    found = [] if name is None else here.alike(name)
    wanted = (each for each in found if params.context.include_declaration or not each[1].declares)
    return [_named(source, each.start, each.end) for source, each in wanted]


def _rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    here = ls.book(params.text_document.uri)
    try:
        found = renamed(here, *_point(here.source, params.position), params.new_name)
    except NotANewName as refused:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(refused)))
        return None
    edits: dict[str, list[types.TextEdit]] = {}
    for source, each in found:
        span = _span(source, each.start, each.end)
        edits.setdefault(_uri_of(source.name), []).append(types.TextEdit(span, params.new_name))
    return types.WorkspaceEdit(changes=edits)


def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    here = ls.book(params.text_document.uri)
    return [
        types.CodeAction(
            title=action.title,
            kind=types.CodeActionKind.QuickFix,
            is_preferred=action.preferred,
            diagnostics=[_diagnostic(action.finding, here.source)],
            edit=types.WorkspaceEdit(
                changes={_uri_of(file): [_whole(here, file, text)] for file, text in action.texts}
            ),
        )
        for action in actions_at(here, params.range.start.line, params.range.end.line)
    ]


_ANSWERS: dict[str, Callable[..., Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: _looked_at,
    types.TEXT_DOCUMENT_DID_CHANGE: _looked_at,
    types.TEXT_DOCUMENT_DID_SAVE: _looked_at,
    types.TEXT_DOCUMENT_HOVER: _hover,
    types.TEXT_DOCUMENT_COMPLETION: _complete,
    types.TEXT_DOCUMENT_DEFINITION: _definition,
    types.TEXT_DOCUMENT_REFERENCES: _references,
    types.TEXT_DOCUMENT_RENAME: _rename,
    types.TEXT_DOCUMENT_CODE_ACTION: _actions,
}
_OPTIONS = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=[":", " ", "[", "{", ",", "-"]),
}


# -- places ----------------------------------------------------------------------------------------------------
# The protocol counts lines from 0 and columns in UTF-16 units; we count from 1, in characters.


def _point(source: Source, position: types.Position) -> tuple[int, int]:
    """A line and a column from 0, in characters."""
    line = source.snippet(position.line + 1)
    before = line.encode("utf-16-le", "surrogatepass")[: 2 * position.character]
    return position.line, len(before.decode("utf-16-le", "replace"))


def _units(source: Source, line: int, column: int) -> types.Position:
    before = source.snippet(line)[: column - 1]
    return types.Position(line - 1, len(before.encode("utf-16-le", "surrogatepass")) // 2)


def _range(source: Source, place: Location) -> types.Range:
    start = _units(source, place.line, place.column)
    return types.Range(start, _units(source, place.end_line, place.end_column))


def _span(source: Source, start: int, end: int) -> types.Range:
    return _range(source, source.location(start, end))


def _named(source: Source, start: int, end: int) -> types.Location:
    return types.Location(_uri_of(source.name), _span(source, start, end))


def _whole(book: Book, file: str, text: str) -> types.TextEdit:
    """A file's whole text put in place of what is there."""
    lines = book.source_of(file).text.split("\n")
    last = len(lines[-1].encode("utf-16-le", "surrogatepass")) // 2
    return types.TextEdit(types.Range(types.Position(0, 0), types.Position(len(lines) - 1, last)), text)


def _diagnostic(finding: Finding, source: Source) -> types.Diagnostic:
    confirmed = finding.confidence == "confirmed"
    return types.Diagnostic(
        range=_range(source, finding.location),
        message="\n".join(_lines(finding)),
        severity=_SEVERITY[finding.severity] if confirmed else types.DiagnosticSeverity.Hint,
        code=f"{finding.code} {finding.slug}",
        source="handoffmap",
    )


def _lines(finding: Finding) -> Iterable[str]:
    yield finding.message
    if finding.why:
        yield f"Why: {finding.why}"
    if finding.confidence != "confirmed":
        yield f"Hangs on: {', '.join(finding.asks)}"
    if finding.suggestion is not None:
        yield f'Did you mean "{finding.suggestion}"?'
    if finding.mend:
        yield f"Mend: {finding.mend}"


def _path(uri: str) -> str:
    return unquote(urlparse(uri).path)


def _uri_of(file: str) -> str:
    return Path(file).resolve().as_uri()
