"""What counts in a run: options of the command line, settled with the project's own settings."""

from __future__ import annotations

import functools
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from handoffmap.cli.many import judged
from handoffmap.cli.options import fail_on_option
from handoffmap.estate.means import Own
from handoffmap.policy.gate import THRESHOLDS, Gate
from handoffmap.policy.settings import PERSONAS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from handoffmap.diagnosis import Report
    from handoffmap.estate.means import Means
    from handoffmap.policy.settings import Settings
    from handoffmap.rules import Rule
    from handoffmap.text.source import Source

__all__ = ["Asked", "Settled", "policy_options", "settings_of", "settings_options", "settle", "telling_options"]


class Asked(NamedTuple):
    """What the command line says; None and empty: nothing, so that the settings speak."""

    select: tuple[tuple[str, ...], ...] = ()
    extend_select: tuple[tuple[str, ...], ...] = ()
    ignore: tuple[tuple[str, ...], ...] = ()
    fail_on: str | None = None
    strict: bool = False
    min_confidence: str | None = None
    persona: str | None = None
    today: datetime | None = None
    no_waivers: bool = False
    baseline: str | None = None
    since: str | None = None
    no_plugins: bool = False
    config: str | None = None
    isolated: bool = False


class Settled(NamedTuple):
    """What holds for a run."""

    gate: Gate
    persona: str
    settings: Settings
    asked: Asked
    own: Own
    """Rules of the team's own."""
    means: Means | None = None
    """What a run over many maps may use; None: a run over one."""

    def applied(self, report: Report, paths: Sequence[str], overlays: Sequence[str] = ()) -> Report:
        """The run with the findings that count."""
        from handoffmap.policy.apply import Policy, apply_policy
        from handoffmap.policy.naming import rules_of
        from handoffmap.policy.selection import Selection, graded, selected

        asked, settings = self.asked, self.settings
        if self.own.rules and not report.own_asked:
            from handoffmap.own.judging import with_own_rules

            report = report._replace(diagnoses=tuple(with_own_rules(each, self.own.rules) for each in report.diagnoses))
        for option in ("select", "extend_select", "ignore"):  # what was typed is named as it was typed
            rules_of(_flat(getattr(asked, option)), f"--{option.replace('_', '-')}")
        codes = selected(
            _flat(asked.select) or settings.select,
            (*_flat(asked.extend_select), *settings.extend_select),
            (*_flat(asked.ignore), *settings.ignore),
            settings.file or "",
        )
        sure = asked.min_confidence or settings.min_confidence
        policy = Policy(
            today=today() if asked.today is None else asked.today.date(),
            selection=Selection(codes, sure, graded(settings.severity, f"{settings.file} severity")),  # type: ignore[arg-type]  # click has checked the word
            waivers=not asked.no_waivers,
        )
        return apply_policy(report, policy._replace(baseline=self._baseline(paths, overlays)))

    @property
    def hides_findings(self) -> bool:
        """Whether findings may be left out that are no waiver's: known ones, or those of rules that are not told."""
        asked, settings = self.asked, self.settings
        known = asked.baseline or asked.since or settings.baseline
        return bool(known or asked.select or asked.ignore or settings.select or settings.ignore)

    def without_baseline(self) -> Settled:
        """The same, with nothing known from before."""
        return self._replace(settings=self.settings._replace(baseline=None))

    def _baseline(self, paths: Sequence[str], overlays: Sequence[str]) -> Any:
        from handoffmap.policy.baseline import known_of, parse_baseline

        if self.asked.since is not None:
            from handoffmap.policy.revision import report_since

            before = self.without_baseline()._replace(asked=self.asked._replace(since=None, baseline=None))
            judge = None if self.means is None else partial(judged, self.means)
            then = report_since(self.asked.since, paths, overlays, judge)
            return known_of(before.applied(then, paths, overlays))
        file = self.asked.baseline or _beside(self.settings.baseline, self.settings)
        if file is None:
            return None
        from handoffmap.errors import BadSettings, UnreadableFile
        from handoffmap.text.source import Source

        try:
            text = Source.read(file).text
        except UnreadableFile as error:
            anew = f"write it with `handoffmap baseline write -o {file} PATH...`"
            raise BadSettings(f"the baseline cannot be read ({error.what})", where=file, hint=anew) from error
        return parse_baseline(text, file)


def policy_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options and hand them over as one argument, `asked`."""
    return _gathered(command, _OPTIONS)


def telling_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of a command that tells and fails on nothing unless told to, handed over as one argument, `asked`."""
    return _gathered(command, (*_TELLING_OPTIONS, fail_on_option("never")))


def _gathered(
    command: Callable[..., int], options: Sequence[Callable[[Callable[..., int]], Callable[..., int]]]
) -> Callable[..., int]:
    @functools.wraps(command)
    def gathered(**given: Any) -> int:
        asked = Asked(**{name: given.pop(name) for name in Asked._fields if name in given})
        return command(asked=asked, **given)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def settings_options(command: Callable[..., int]) -> Callable[..., int]:
    """`--config` and `--isolated`, handed over by name."""
    for option in reversed(_SETTINGS_OPTIONS):
        command = option(command)
    return command


def settle(asked: Asked) -> Settled:
    """What holds: the command line before the settings, the settings before what is usual.

    Raises `BadSettings` for settings that cannot be understood.
    """
    settings = settings_of(asked.config, isolated=asked.isolated)
    if asked.baseline is not None and asked.since is not None:
        raise click.UsageError("--baseline and --since both say what is known: give one of them.")
    gate = Gate(asked.fail_on or settings.fail_on or "error", asked.strict or settings.strict)
    own = own_rules(settings, plugins=not (asked.no_plugins or asked.isolated))
    return Settled(gate, asked.persona or settings.persona, settings, asked, own)


def own_rules(settings: Settings, *, plugins: bool) -> Own:
    """The team's own rules, known from now on by every command: those of the settings' files, then those of plugins.

    Raises `BadSettings` for a file that cannot be understood and `PluginFailed` for a plugin that cannot be loaded.
    """
    from handoffmap.own.plugins import plugin_rules
    from handoffmap.rules import take_in

    files: list[Source] = []
    declared: list[Rule] = []
    if settings.rules:
        from handoffmap.own.declared import read_rules
        from handoffmap.text.source import Source

        files = [Source.read(_beside(name, settings) or name) for name in settings.rules]
        declared = [each.rule for file in files for each in read_rules(file)]
    brought = plugin_rules() if plugins else ()
    own = Own((*declared, *brought), tuple(files), packages=bool(brought))
    take_in(own.rules)
    return own


def settings_of(config: str | None, *, isolated: bool) -> Settings:
    """The settings of a file, or of the nearest one upward from the working folder; none where `isolated`."""
    from handoffmap.policy.settings import Settings, find_settings, read_settings

    if isolated and config is None:
        return Settings()
    import os
    from pathlib import Path

    file = Path(config) if config is not None else find_settings(Path.cwd())
    if file is None:
        return Settings()
    return read_settings(file, os.path.relpath(file) if config is None else config)


def _flat(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for names in lists for name in names)


def _beside(name: str | None, settings: Settings) -> str | None:
    """A file that settings name, as seen from here."""
    if name is None or settings.file is None:
        return name
    from pathlib import Path

    return str(Path(settings.file).parent / name)


def today() -> date:
    """The day on which waivers are judged: the one place where a clock is read."""
    from datetime import datetime

    return datetime.now().astimezone().date()


def _listed(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Names with commas between them, taken apart."""
    return tuple(tuple(filter(None, (name.strip() for name in value.split(",")))) for value in values)


def _rules_option(name: str, says: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(name, multiple=True, callback=_listed, metavar="RULE,...", help=says)


_SETTINGS_OPTIONS = (
    click.option("--config", metavar="FILE", help="Take the settings from FILE and no other."),
    click.option("--isolated", is_flag=True, help="Take no settings from any file."),
)
_SELECTION_OPTIONS = (
    _rules_option("--select", "Tell these rules only: codes, slugs, prefixes (HM2) or ranges (HM201-HM209)."),
    _rules_option("--extend-select", "Tell these rules besides those that are selected."),
    _rules_option("--ignore", "Leave these rules out."),
)
_WAIVER_OPTIONS = (
    click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="The day on which waivers are judged.  [default: today]",
    ),
    click.option("--no-waivers", is_flag=True, help="Apply no waivers."),
)
_PLUGIN_OPTION = click.option("--no-plugins", is_flag=True, help="Ask no rules of installed packages.")
_TELLING_OPTIONS = (*_SELECTION_OPTIONS, *_WAIVER_OPTIONS, _PLUGIN_OPTION, *_SETTINGS_OPTIONS)
_OPTIONS = (
    *_SELECTION_OPTIONS,
    click.option(
        "--fail-on",
        type=click.Choice(THRESHOLDS),
        help="Exit with 1 if a confirmed finding is this severe or worse.  [default: error]",
    ),
    click.option("--strict", is_flag=True, help="Let --fail-on count undetermined findings too."),
    click.option(
        "--min-confidence",
        type=click.Choice(["undetermined", "confirmed"]),
        help="Tell findings that are at least this sure.  [default: undetermined]",
    ),
    click.option(
        "--persona",
        type=click.Choice(PERSONAS),
        help="Who reads the text: findings first, every premise, or every question.  [default: ci]",
    ),
    *_WAIVER_OPTIONS,
    click.option("--baseline", metavar="FILE", help="Count only what is not in FILE, which `baseline write` wrote."),
    click.option("--since", metavar="REV", help="Count only what was not there at a git revision."),
    _PLUGIN_OPTION,
    *_SETTINGS_OPTIONS,
)
