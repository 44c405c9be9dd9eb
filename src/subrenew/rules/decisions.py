"""
The finite machinery of decisions. It knows no subscription.

Rule 1: a *question* has fact types of its own, made of enums only. One combination of them is a
*cell*, and a loop over the cells proves what is claimed of a question (see
`subrenew.rules.tables`).

Rule 2: a *bar* is a named predicate over facts. All bars that hold are reported, in the source's
order. The *route* is the one way forward; there always is one.

Rule 3: cells are made once. A decision points at its cell and at what was asked; findings, actions
and dates are worked out when somebody reads them.

Rule 4: a decision has no one truth value, so ``bool(decision)`` is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, get_type_hints

import attrs

from subrenew.clauses import Clause
from subrenew.model.entities import Channel, Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import Access, RenewalPolicy

if TYPE_CHECKING:
    from subrenew.rules.facts import Facts

__all__ = [
    "Action",
    "Bar",
    "Cell",
    "Decision",
    "Finding",
    "Moment",
    "Question",
    "Step",
    "Values",
    "bar",
    "cells",
    "combinations",
]

R = TypeVar("R", bound=StrEnum)
F = TypeVar("F", bound=attrs.AttrsInstance)

#: What a finding saw: pairs of name and value, hashable.
Values = tuple[tuple[str, object], ...]


class Moment(StrEnum):
    """A day that a step refers to before the subscription is known."""

    ANY = "any"
    OPENS_ON = "opens-on"
    LAST_DAY = "last-day"
    LAST_LATE_DAY = "last-late-day"
    END = "end"


def _no_values(_: Decision[Any]) -> Values:
    return ()


@attrs.frozen(kw_only=True, eq=False)
class Bar:
    """A named predicate over facts, with its clause; `bar` makes one from a function."""

    #: The function's name in kebab-case.
    code: str
    #: What it follows from.
    clause: Clause
    #: Whether it is raised, given facts and nothing else.
    holds: Callable[[Any], bool]
    #: What a finding reports to have seen.
    values: Callable[[Decision[Any]], Values]
    #: What it means: the function's own docstring.
    says: str


def bar(
    clause: Clause, *, values: Callable[[Decision[Any]], Values] = _no_values
) -> Callable[[Callable[[Any], bool]], Bar]:
    """Return a decorator that makes a `Bar` of a predicate; it registers nothing."""

    def made(holds: Callable[[Any], bool]) -> Bar:
        code = holds.__name__.replace("_", "-")
        says = (holds.__doc__ or "").strip()
        return Bar(code=code, clause=clause, holds=holds, values=values, says=says)

    return made


@attrs.frozen
class Finding:
    """One reason of a decision."""

    #: Stable, in kebab-case, such as ``window-not-open``.
    code: str
    #: The clause it follows from.
    clause: Clause
    #: What was seen: pairs of name and value.
    values: Values = ()

    def value(self, name: str) -> object:
        """
        Return what was seen under this name.

        Raises:
            KeyError: The finding saw nothing of that name.
        """
        return dict(self.values)[name]


@attrs.frozen(kw_only=True)
class Step(Generic[R]):
    """Something that can be done from a cell, before its days are known."""

    #: Stable, in kebab-case, such as ``update-payment``.
    code: str
    #: The clause that offers it.
    clause: Clause
    #: From when on it can be done.
    opens: Moment = Moment.ANY
    #: Until when it is of use.
    closes: Moment = Moment.ANY
    #: The way forward once it is done.
    leads_to: R


@attrs.frozen
class Action(Generic[R]):
    """Something that can be done about a decision, with its days."""

    #: What is done.
    step: Step[R]
    #: The first day on which it can be done; ``None`` for at once.
    from_on: date | None
    #: The last day on which it is of use, included; ``None`` where there is no deadline.
    by: date | None
    #: Where it is done: in the account, on the order's page, at the partner (clause `channel`).
    where: Channel

    @property
    def code(self) -> str:
        """The step's code."""
        return self.step.code

    @property
    def clause(self) -> Clause:
        """The clause that offers it."""
        return self.step.clause

    @property
    def leads_to(self) -> R:
        """The way forward once it is done."""
        return self.step.leads_to


def _once_only(*_: object) -> NoReturn:
    raise TypeError("this decision was proved by a secret: it is neither stored nor asked again")


def _no_turns(_: Decision[Any]) -> tuple[date, ...]:
    return ()


def _no_steps(_: Facts) -> tuple[Step[Any], ...]:
    return ()


def _never(_: Facts) -> bool:
    return False


def _always(_: Facts, __: RenewalPolicy) -> bool:
    return True


def _no_day(_: Decision[Any], __: Moment) -> None:
    return None


def _no_access(_: Subscription, __: RenewalPolicy, ___: date) -> None:
    return None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Question(Generic[R]):
    """One finite question: its facts, bars and route, and how days are worked out."""

    #: The name, such as ``renewability``.
    name: str
    #: Every combination of facts, of one or more types made of enums only.
    facts: tuple[Facts, ...]
    #: In the source's order.
    bars: tuple[Bar, ...]
    #: The one way forward.
    route: Callable[[Any], R]
    #: Asks it: subscription, policy, day, and whatever else was asked.
    ask: Callable[[Subscription, Policy, date, Any], Decision[R]] = _once_only
    #: The cell, given the edition in force.
    cell: Callable[[Subscription, RenewalPolicy, date, Any], Cell[R]] = _once_only
    #: Every day on which time alone may change the answer.
    turns: Callable[[Decision[R]], Iterable[date]] = _no_turns
    #: What can be done about it.
    steps: Callable[[Any], tuple[Step[R], ...]] = _no_steps
    #: Whether it may be acted on by hand at once.
    now: Callable[[Any], bool] = _never
    #: Routes on which nothing is left to do.
    done: frozenset[R] = frozenset()
    #: Whether some entity has these facts under this policy.
    possible: Callable[[Any, RenewalPolicy], bool] = _always
    #: The day a moment stands for.
    day: Callable[[Decision[R], Moment], date | None] = _no_day
    #: What the customer can use on the day asked about, where the question knows.
    access: Callable[[Subscription, RenewalPolicy, date], Access | None] = _no_access

    def __repr__(self) -> str:
        return f"Question({self.name!r})"


@attrs.frozen(kw_only=True, eq=False)
class Cell(Generic[R]):
    """One combination of facts with its answer, made once."""

    #: Whose cell it is.
    question: Question[R]
    #: The facts.
    facts: Facts
    #: The one way forward.
    route: R
    #: The bars that hold, in the source's order.
    bars: tuple[Bar, ...]
    #: What can be done.
    steps: tuple[Step[R], ...]
    #: Whether it may be acted on by hand at once.
    now: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the bars that hold."""
        return tuple(each.code for each in self.bars)

    @property
    def answer(self) -> tuple[object, ...]:
        """All of the answer that time can change: route, bars, and whether to act now."""
        return self.route, self.bars, self.now


def combinations(fact_type: type[F]) -> Iterator[F]:
    """Yield every value of a fact type: the product of its enums, in their order."""
    hints = get_type_hints(fact_type)
    names = [field.name for field in attrs.fields(fact_type)]
    for members in product(*(hints[name] for name in names)):
        yield fact_type(**dict(zip(names, members, strict=True)))


def cells(question: Question[R]) -> tuple[Cell[R], ...]:
    """Return every cell of a question, in the order of its facts."""
    return tuple(
        Cell(
            question=question,
            facts=facts,
            route=question.route(facts),
            bars=tuple(each for each in question.bars if each.holds(facts)),
            steps=question.steps(facts),
            now=question.now(facts),
        )
        for facts in question.facts
    )


@attrs.frozen(repr=False)
class Decision(Generic[R]):
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
    #: Subscription, policy, edition, day and whatever else was asked. One tuple, because a frozen
    #: value takes long to make for each field that it has.
    case: tuple[Subscription, Policy, RenewalPolicy, date, Any]

    @property
    def subscription(self) -> Subscription:
        """What was asked about."""
        return self.case[0]

    @property
    def policy(self) -> Policy:
        """What was asked under: an edition or editions."""
        return self.case[1]

    @property
    def edition(self) -> RenewalPolicy:
        """The edition that was in force."""
        return self.case[2]

    @property
    def on(self) -> date:
        """The day asked about."""
        return self.case[3]

    @property
    def asked(self) -> Any:  # noqa: ANN401 - each question asks for something else
        """Whatever else was asked: an actor, another term, reductions."""
        return self.case[4]

    @property
    def route(self) -> R:
        """The one way forward."""
        return self.cell.route

    @property
    def facts(self) -> Facts:
        """The facts it was decided on."""
        return self.cell.facts

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every reason that holds, in the source's order, with what it saw."""
        return tuple(
            [Finding(each.code, each.clause, each.values(self)) for each in self.cell.bars]
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings."""
        return self.cell.codes

    @property
    def actions(self) -> tuple[Action[R], ...]:
        """What can be done, the surest first, with its days and where it leads."""
        day, where = self.cell.question.day, self.case[0].channel
        return tuple(
            [
                Action(step, day(self, step.opens), day(self, step.closes), where)
                for step in self.cell.steps
            ]
        )

    @property
    def changes_on(self) -> date | None:
        """The next day on which time alone changes this answer, or ``None``."""
        cell, question = self.cell, self.cell.question
        subscription, policy, edition, on, asked = self.case
        access, rate = question.access(subscription, edition, on), self.rate
        for day in sorted([day for day in question.turns(self) if day > on]):
            edition = policy.in_force(subscription, on=day)
            later = question.cell(subscription, edition, day, asked)
            if later is not cell and later.answer != cell.answer:
                return day
            if question.access(subscription, edition, day) is not access:
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
        """Whether it may be renewed by hand on that day by the person asked about."""
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

    def explain(self, locale: str = "en") -> str:
        """
        Return the decision in sentences that a customer can read, in this language.

        A language without a catalogue falls back to the language without its country, then to
        English.
        """
        from subrenew.words import wording

        return wording.decision_text(self, locale)

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision has no truth value: ask .route, .can_renew_now, .renews_itself")

    def __repr__(self) -> str:
        return f"<{self.cell.question.name} of {self.subscription.id!r} on {self.on}: {self.route}>"

    def __reduce__(self) -> tuple[Any, tuple[Subscription, Policy, date, Any]]:
        subscription, policy, _, on, asked = self.case
        return self.cell.question.ask, (subscription, policy, on, asked)
