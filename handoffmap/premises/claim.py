"""A rule's answer about one premise: it holds, it is broken, or it hangs on a fact that nobody has stated.

graph, arrivals -> **claims** -> verdicts and findings. A cell converges because every premise that applies to it was
claimed and holds, never because nothing was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.finding import DriftClass, Subject
    from handoffmap.model import Cell, WritePath
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.vocabulary import Seconds

__all__ = [
    "BROKEN",
    "HOLDS",
    "Answer",
    "Ask",
    "AskKind",
    "Claim",
    "Direction",
    "Evidence",
    "Held",
    "held",
    "said",
    "sorted_out",
]

AskKind = Literal["path", "system", "cell", "control", "event", "file"]
HOLDS: Final = True
BROKEN: Final = False
"""A claim's answer; None where it hangs on facts that nobody has stated."""

Direction = Literal["over", "under", "either"]


class Ask(NamedTuple):
    """A fact that is missing: of which entry, and under which key (dotted)."""

    kind: AskKind
    id: str
    fact: str


class Claim(NamedTuple):
    """What one rule says of one premise, for a path, a cell, a control or the file."""

    slug: str
    premise: str
    holds: bool | None
    """True: it holds. False: it is broken. None: it hangs on `asks`."""
    because: str
    """The facts that make it so: evidence where it holds, the reason where it does not."""
    path: WritePath | None = None
    message: str = ""
    drift: DriftClass | None = "permanent"
    """The class before any healing; None where no cell's verdict turns on it."""
    direction: Direction = "either"
    keys: tuple[str, ...] = ()
    """The keys below the subject's entry that the finding points at."""
    asks: tuple[Ask, ...] = ()
    events: tuple[str, ...] = ()
    related: tuple[tuple[Subject, str], ...] = ()
    upstream: tuple[Cell, ...] = ()
    """The cause lies in these cells and is told there."""
    healed_by_next_run: bool = False
    """A recurring run of the same path makes the cell right again by itself."""
    catalogue: tuple[CatalogueFact, ...] = ()
    field: str | None = None
    group: str = ""
    """Claims of one rule on one subject with the same group are one finding."""
    own_heal: bool = True
    """Whether a healer of the cell makes the drift transient."""
    cell: Cell | None = None
    """The cell that the finding is about, where it is not the one that was asked about."""
    event: str | None = None
    """The event that the finding is about, where it is about one."""
    control: str | None = None
    """The control that the finding is about, where it is about one."""
    subject: Subject | None = None
    """The whole subject, where it is neither the path nor the cell that was asked about."""
    systems: tuple[str, ...] = ()
    """The systems that are meant, where there are several."""
    extra_asks: tuple[Ask, ...] = ()
    """Facts worth asking although the claim stands without them."""
    lasts: Seconds | None = None
    """Seconds after which the fault is over by itself; None: the healers of the cell say when."""


class Held(NamedTuple):
    """A premise that holds, with what shows it: most answers are this, so it carries no more than it needs."""

    slug: str
    premise: str
    because: str
    path: WritePath | None = None
    events: tuple[str, ...] = ()

    @property
    def holds(self) -> Literal[True]:
        """It does."""
        return True


held = Held
"""As rules say it: `return held(slug, premise, because, path)`."""

Answer = Claim | Held
"""What a rule says of one premise."""

Evidence: TypeAlias = "tuple[WritePath | None, tuple[Answer, ...]]"
"""What holds, about one path or about none; an answer that serves several paths alike leaves its path out."""


class Answers(NamedTuple):
    """What several rules say of one thing: what holds, and what is broken or hangs on unstated facts."""

    held: tuple[Answer, ...]
    faults: tuple[Claim, ...]


def sorted_out(answers: Iterable[Answer | None]) -> Answers:
    """Part what holds from what does not; None is a rule that has nothing to say."""
    held: list[Answer] = []
    faults: list[Claim] = []
    for answer in answers:
        if answer is None:
            continue
        if answer.__class__ is Held or answer.holds is True:
            held.append(answer)
        else:
            faults.append(answer)
    return Answers(tuple(held), tuple(faults))


def said(claims: tuple[Answer, ...], slug: str) -> list[Answer]:
    """The claims that one rule makes."""
    return [claim for claim in claims if claim.slug == slug]
