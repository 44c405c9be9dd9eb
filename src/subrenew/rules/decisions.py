"""
Decisions: what is asked and answered, with its reasons.

Rule 1: a decision points at its cell and at what was asked; findings, actions and dates are worked
out when somebody reads them.

Rule 2: decisions, findings and actions are named tuples, because a program makes millions of them;
read them by their names, their order is not promised.

Rule 3: a decision has no one truth value, so ``bool(decision)`` is an error.

Rule 4: an action's days are the first ones in a row on which its transition is accepted, whichever
edition decides on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, NoReturn, TypeVar

from subrenew.clauses import Clause
from subrenew.model.entities import Channel, Subscription
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import Access
from subrenew.rules.questions import Cell, CitedRoute, Moment, Question, Step, Values
from subrenew.rules.schedules import edition_on, turning_days

if TYPE_CHECKING:
    from subrenew.rules.facts import Facts

__all__ = [
    "Action",
    "Decision",
    "Finding",
    "clause_of_conditions",
    "conditions_barring",
    "decided",
    "end_seen",
    "scheduled_turns",
]

R = TypeVar("R", bound=StrEnum)
_ORDER: Final = Channel.ORDER
_ANY: Final = Moment.ANY
#: Makes a named tuple at half the price of its own constructor.
_new: Final = tuple.__new__
_ONE_DAY: Final = timedelta(days=1)


class Finding(NamedTuple):
    """One reason of a decision."""

    #: Stable, in kebab-case, such as ``window-not-open``.
    code: str
    #: The clause it follows from: the policy's own, or the vocabulary's where it gives none.
    clause: Clause
    #: What was seen: pairs of name and value.
    values: Values = ()
    #: Whether the clause is the vocabulary's, because the policy in force gives none of its own.
    is_general: bool = False

    def value(self, name: str) -> object:
        """
        Return what was seen under this name.

        Raises:
            KeyError: The finding saw nothing of that name.
        """
        return dict(self.values)[name]


class Action(NamedTuple, Generic[R]):
    """Something that can be done about a decision, with its days."""

    #: What is done.
    step: Step[R]
    #: The first day on which it can be done; ``None`` for at once.
    from_on: date | None
    #: The last day on which it is of use, included; ``None`` where there is no deadline.
    by: date | None
    #: What it can be done about.
    decision: Decision[R]

    @property
    def code(self) -> str:
        """The step's code."""
        return self.step.code

    @property
    def where(self) -> Channel:
        """Where it is done: in the account, on the order's page, at the partner (`channel`)."""
        # An order's page is asked about with an order or, where it was not opened, with nothing.
        return getattr(self.decision.subscription, "channel", _ORDER)

    @property
    def clause(self) -> Clause:
        """The clause that offers it: the policy's own, or the vocabulary's where it gives none."""
        return self._citation()[0]

    @property
    def is_general(self) -> bool:
        """Whether the clause is the vocabulary's."""
        return not self._citation()[1]

    def _citation(self) -> tuple[Clause, bool]:
        parameter, own = self.decision.question.cites(self.decision, self.step.parameter)
        return self.decision.edition.citation(parameter, self.step.clause, own)

    @property
    def leads_to(self) -> R | None:
        """
        The way forward right after it is done, on whichever of its days.

        ``None`` where that depends on the day, or on what is bought or who is asked.
        """
        return self.decision.question.leads_to(self)

    def __repr__(self) -> str:
        return f"<{self.code} from {self.from_on} by {self.by}>"


class Decision(NamedTuple, Generic[R]):
    """
    The answer to one question about one subscription on one day, with its reasons.

    Made by the policy functions only. Comparing two decisions compares what was asked and the cell.
    A decision is pickled as what was asked, and decided again when it is read.

    >>> from subrenew import Subscription, Term, renewability
    >>> from subrenew.policy.vendors import autodesk
    >>> decision = renewability(
    ...     Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)),
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2025, 6, 1),
    ... )
    >>> decision.route.value, [finding.code for finding in decision.findings]
    ('wait-for-window', ['switched-off', 'window-not-open'])
    >>> decision.changes_on
    datetime.date(2025, 10, 3)
    """

    #: The cell that holds its facts and its route.
    cell: Cell[R]
    #: What was asked about.
    subscription: Subscription
    #: What was asked under: an edition or editions.
    policy: Policy
    #: The edition that was in force.
    edition: RenewalPolicy
    #: The day asked about.
    on: date
    #: Whatever else was asked: an actor, another term, reductions.
    asked: Any

    @property
    def question(self) -> Question[R]:
        """What was asked."""
        return self.cell.question

    @property
    def route(self) -> R:
        """The one way forward."""
        return self.cell.route

    @property
    def clause(self) -> Clause | None:
        """The clause that the way forward follows from; ``None`` where no single one does."""
        route = self.cell.route
        if not isinstance(route, CitedRoute):
            return None
        parameter, own = self.question.cites(self, route.parameter)
        return self.edition.citation(parameter, route.clause, own)[0]

    @property
    def facts(self) -> Facts:
        """The facts it was decided on."""
        return self.cell.facts

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every reason that holds, in the source's order, with what it saw."""
        found, edition = [], self.edition
        for each in self.cell.bars:
            own = None if each.cites is None else each.cites(self)
            clause, is_own = edition.citation(each.parameter, each.clause, own)
            values = () if each.values is None else each.values(self)
            found.append(_new(Finding, (each.code, clause, values, not is_own)))
        return tuple(found)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings."""
        return self.cell.codes

    @property
    def actions(self) -> tuple[Action[R], ...]:
        """What can be done, the surest first, with its days and where it leads."""
        made: list[Action[R]] = []
        policy, edition, on = self.policy, self.edition, self.on
        span_of: Callable[[Decision[R], Step[R]], Span | None] = _span_under_edition
        if policy is not edition and isinstance(policy, Editions) and policy.starts_after(on):
            span_of = _Ahead(self).span
        for step in self.cell.steps:
            if made and step.last_resort:
                continue
            span = span_of(self, step)
            if span is not None:
                made.append(_new(Action, (step, *span, self)))
        return tuple(made)

    @property
    def changes_on(self) -> date | None:
        """The next day on which time alone changes this answer, or ``None``."""
        cell, question = self.cell, self.cell.question
        _, subscription, policy, edition, on, asked = self
        access, rate = question.access, None if asked is None else self.rate
        for day in sorted([day for day in question.turns(self) if day > on]):
            then = edition if policy is edition else edition_on(subscription, policy, day)
            later = question.cell(subscription, then, day, asked)
            if later is not cell and later.answer != cell.answer:
                return day
            if access(subscription, then, day) is not access(subscription, edition, on):
                return day
            if rate is not None and question.ask(subscription, policy, day, asked).rate != rate:
                return day
        return None

    @property
    def access(self) -> Access | None:
        """What can still be used on that day, where the question knows it."""
        return self.cell.question.access(self.subscription, self.edition, self.on)

    @property
    def can_renew_now(self) -> bool:
        """Whether it may be renewed manually on that day by the person asked about."""
        return self.cell.now

    @property
    def renews_itself(self) -> bool:
        """Whether nothing has to be done for it to be renewed."""
        return self.cell.route == "renews-itself"

    @property
    def rate(self) -> Decimal | None:
        """The fraction saved, for a decision about the renewal price; ``None`` for others."""
        rate = getattr(self.asked, "rate", None)
        return rate if isinstance(rate, Decimal) else None

    def explain(self, locale: str = "en", *, cite: bool = False) -> str:
        """
        Return the decision in sentences that a customer can read, in this language.

        A language without a catalogue falls back to the language without its country, then to
        English. With *cite* each reason and action ends with its clause, a general one marked so.
        """
        from subrenew.words import wording

        return wording.decision_text(self, locale, cite=cite)

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision has no truth value: ask .route, .can_renew_now, .renews_itself")

    def __repr__(self) -> str:
        subject: Any = self.subscription
        name = getattr(subject, "id", None) or getattr(subject, "number", None)
        return f"<{self.cell.question.name} of {name!r} on {self.on}: {self.route}>"

    def __reduce__(self) -> tuple[Any, tuple[Subscription, Policy, date, Any]]:
        asked = self.subscription, self.policy, self.on, self.asked
        return self.cell.question.ask, asked


Span = tuple[date | None, date | None]


def _span_under_edition(decision: Decision[Any], step: Step[Any]) -> Span | None:
    """Return the first and last day on which a step can be taken; nothing where it never can."""
    question, opens, closes = decision.cell.question, step.opens, step.closes
    if not question.offers(decision, step):
        return None
    from_on = None if opens is _ANY else question.day(decision, opens)
    by = None if closes is _ANY else question.day(decision, closes)
    if by is None:
        return None if closes is not _ANY else (from_on, None)
    if by < decision.on or (from_on is not None and by < from_on):
        return None  # a window that a cancellation shuts before it opens lets nothing be done in it
    return from_on, by


class _Ahead:
    """The decisions of the days to come, each made when a step first asks for it, and once."""

    def __init__(self, decision: Decision[Any]) -> None:
        on = decision.on
        later = {day for day in decision.cell.question.turns(decision) if day > on}
        self.days = (on, *sorted(later))
        self.made = [decision]

    def __iter__(self) -> Iterator[Decision[Any]]:
        (cell, subscription, policy, _, _, asked), made = self.made[0], self.made
        for number, day in enumerate(self.days):
            if number == len(made):
                made.append(cell.question.ask(subscription, policy, day, asked))
            yield made[number]

    def span(self, _: Decision[Any], step: Step[Any]) -> Span | None:
        """Return the first days in a row on which it is offered, whichever edition decides."""
        kind, from_on = None, None
        for then in self:
            offered = any(
                _is_offered(then, each) for each in then.cell.steps if each.code == step.code
            )
            if kind is None and offered:
                kind, from_on = type(then.cell.facts), then.on
            elif kind is not None and not (offered and type(then.cell.facts) is kind):
                return self._at_once(from_on), then.on - _ONE_DAY
        return None if kind is None else (self._at_once(from_on), None)

    def _at_once(self, day: date | None) -> date | None:
        return None if day == self.days[0] else day


def _is_offered(decision: Decision[Any], step: Step[Any]) -> bool:
    """Return whether a step can be taken on the decision's own day."""
    span = _span_under_edition(decision, step)
    return span is not None and (span[0] is None or span[0] <= decision.on)


def decided(  # noqa: PLR0917 - the fields of a decision, in order
    cell: Cell[R],
    subscription: Subscription,
    policy: Policy,
    edition: RenewalPolicy,
    on: date,
    asked: object,
) -> Decision[R]:
    """Return the decision of a case, whose cell was found."""
    return _new(Decision, (cell, subscription, policy, edition, on, asked))


def end_seen(decision: Decision[Any]) -> Values:
    """Return what a finding about the end has seen: the first day not covered."""
    return (("expires_on", decision.subscription.ends_on),)


def scheduled_turns(decision: Decision[Any]) -> list[date]:
    """Return every day on which the schedule alone may change the answer, in no order."""
    _, subscription, policy, edition, on, _ = decision
    return turning_days(subscription, policy, edition, on)


def conditions_barring(what: Barred) -> Callable[[Decision[Any]], Values]:
    """Return what a finding about conditions of a user's own has seen: their messages."""

    def seen(decision: Decision[Any]) -> Values:
        return (("conditions", tuple(each.message for each in _barring(decision, what))),)

    return seen


def clause_of_conditions(what: Barred) -> Callable[[Decision[Any]], Clause | None]:
    """Return which clause a finding about conditions of a user's own cites: the first one's."""

    def cited(decision: Decision[Any]) -> Clause | None:
        clauses = (each.clause for each in _barring(decision, what))
        return next((clause for clause in clauses if clause is not None), None)

    return cited


def _barring(decision: Decision[Any], what: Barred) -> tuple[Condition, ...]:
    return decision.edition.barred_by(decision.subscription.conditions, what)
