"""
The finite machinery of questions. It knows no subscription.

Rule 1: a *question* has fact types of its own, made of enums only. One combination of them is a
*cell*, and a loop over the cells proves what is claimed of a question (see
`subrenew.rules.tables`).

Rule 2: a *bar* is a named predicate over facts. All bars that hold are reported, in the source's
order. The *route* is the one way forward; there always is one.

Rule 3: facts and cells are made when they are first met, and once; they never change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar, get_type_hints

import attrs

from subrenew.clauses import Clause
from subrenew.model.entities import Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import Access

if TYPE_CHECKING:
    from subrenew.rules.decisions import Action, Decision
    from subrenew.rules.facts import Facts

__all__ = [
    "Bar",
    "Cell",
    "Cells",
    "CitedRoute",
    "Flyweights",
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


class CitedRoute(StrEnum):
    """A way forward that carries the clause it follows from; questions make their own of it."""

    #: The vocabulary's clause; `Decision.clause` is that of the policy in force.
    clause: Clause
    #: The parameter of a policy that it follows from, if one says it.
    parameter: str | None

    def __new__(cls, value: str, clause: Clause, parameter: str | None = None) -> Self:
        """Return the member with its word, its clause and its parameter."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.clause = clause
        member.parameter = parameter
        return member


class Moment(StrEnum):
    """A day that a step refers to before the subscription is known."""

    ANY = "any"
    OPENS_ON = "opens-on"
    LAST_DAY = "last-day"
    LAST_LATE_DAY = "last-late-day"
    #: The last day on which automatic renewal can be switched.
    LAST_SWITCH_DAY = "last-switch-day"
    #: The last day on which a run may make the automatic renewal.
    LAST_RUN_DAY = "last-run-day"
    #: The first day on which nothing renews it any more.
    OVER = "over"


@attrs.frozen(kw_only=True, eq=False)
class Bar:
    """A named predicate over facts, with its clause; `bar` makes one from a function."""

    #: The function's name in kebab-case.
    code: str
    #: What it follows from, in the vocabulary.
    clause: Clause
    #: The parameter of a policy that says it, whose clause the policy may give.
    parameter: str | None
    #: The clause of the stage, tier or rule that it was, where that has one.
    cites: Callable[[Decision[Any]], Clause | None] | None
    #: Whether it is raised, given facts and nothing else.
    holds: Callable[[Any], bool]
    #: What a finding reports to have seen.
    values: Callable[[Decision[Any]], Values] | None
    #: What it means: the function's own docstring.
    says: str


def bar(
    clause: Clause,
    parameter: str | None = None,
    *,
    values: Callable[[Decision[Any]], Values] | None = None,
    cites: Callable[[Decision[Any]], Clause | None] | None = None,
) -> Callable[[Callable[[Any], bool]], Bar]:
    """Return a decorator that makes a `Bar` of a predicate; it registers nothing."""

    def made(holds: Callable[[Any], bool]) -> Bar:
        code = holds.__name__.replace("_", "-")
        says = (holds.__doc__ or "").strip()
        return Bar(
            code=code,
            clause=clause,
            parameter=parameter,
            cites=cites,
            holds=holds,
            values=values,
            says=says,
        )

    return made


@attrs.frozen(kw_only=True)
class Step(Generic[R]):
    """Something that can be done from a cell, before its days are known."""

    #: Stable, in kebab-case, such as ``update-payment``.
    code: str
    #: The clause that offers it, in the vocabulary.
    clause: Clause
    #: The parameter of a policy that says it.
    parameter: str | None = None
    #: From when on it can be done.
    opens: Moment = Moment.ANY
    #: Until when it is of use.
    closes: Moment = Moment.ANY
    #: The way forward once it is done, where that follows from the facts alone.
    leads_to: R | None = None
    #: Whether it is told only where nothing else can be done in time.
    last_resort: bool = False


def _once_only(*_: object) -> NoReturn:
    raise TypeError("this decision checked a password: it cannot be unpickled or asked again")


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


def _offered(_: Decision[Any], __: Step[Any]) -> bool:
    return True


def _led_to(action: Action[R]) -> R | None:
    return action.step.leads_to


def _of_the_parameter(_: Decision[Any], parameter: str | None) -> tuple[str | None, None]:
    return parameter, None


def _no_access(_: Subscription, __: RenewalPolicy, ___: date) -> None:
    return None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Question(Generic[R]):
    """One finite question: its facts, bars and route, and how days are worked out."""

    #: The name, such as ``renewability``.
    name: str
    #: Its facts: one or more types made of enums only.
    kinds: tuple[Flyweights[Any], ...]
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
    #: Whether it may be acted on manually at once.
    now: Callable[[Any], bool] = _never
    #: Routes on which nothing is left to do.
    done: frozenset[R] = frozenset()
    #: Whether some entity has these facts under this policy.
    possible: Callable[[Any, RenewalPolicy], bool] = _always
    #: The day a moment stands for.
    day: Callable[[Decision[R], Moment], date | None] = _no_day
    #: Whether a step's transition is accepted, as far as facts of this question do not tell.
    offers: Callable[[Decision[R], Step[R]], bool] = _offered
    #: The way forward right after an action, on each of its days; ``None`` where that differs.
    leads_to: Callable[[Action[R]], R | None] = _led_to
    #: What a route or a step with this parameter follows from in a case: the parameter, and the
    #: clause of the part of it that decides, where that has one.
    cites: Callable[[Decision[R], str | None], tuple[str | None, Clause | None]] = _of_the_parameter
    #: What the customer can use on the day asked about, where the question knows.
    access: Callable[[Subscription, RenewalPolicy, date], Access | None] = _no_access

    @property
    def facts(self) -> tuple[Facts, ...]:
        """Every combination of its facts."""
        return tuple(facts for kind in self.kinds for facts in kind.every())

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
    #: Whether it may be acted on manually at once.
    now: bool
    #: The codes of the bars that hold.
    codes: tuple[str, ...] = attrs.field(init=False)
    #: All of the answer that time can change: route, bars, and whether to act now.
    answer: tuple[object, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "codes", tuple(each.code for each in self.bars))
        object.__setattr__(self, "answer", (self.route, self.bars, self.now))


def combinations(fact_type: type[F]) -> Iterator[F]:
    """Yield every value of a fact type: the product of its enums, in their order."""
    hints = get_type_hints(fact_type)
    names = [field.name for field in attrs.fields(fact_type)]
    for members in product(*(hints[name] for name in names)):
        yield fact_type(**dict(zip(names, members, strict=True)))


class Flyweights(dict[tuple[StrEnum, ...], F]):
    """
    The values of one fact type, by their members; each is made when it is first met, and once.

    Made at import, a few hundred of them would cost what all the rest of the import costs.
    """

    def __init__(self, fact_type: type[F]) -> None:
        super().__init__()
        self.fact_type = fact_type

    def __missing__(self, members: tuple[StrEnum, ...]) -> F:
        names = [field.name for field in attrs.fields(self.fact_type)]
        made = self.fact_type(**dict(zip(names, members, strict=True)))
        return self.setdefault(members, made)

    def every(self) -> tuple[F, ...]:
        """Return every value, in the order of the members."""
        made = combinations(self.fact_type)
        return tuple(self[attrs.astuple(each, recurse=False)] for each in made)


class Cells(dict["Facts", "Cell[R]"]):
    """The cells of one question, by their facts; each is made when it is first met, and once."""

    def __init__(self, question: Question[R]) -> None:
        super().__init__()
        self.question = question

    def __missing__(self, facts: Facts) -> Cell[R]:
        question = self.question
        made = Cell(
            question=question,
            facts=facts,
            route=question.route(facts),
            bars=tuple(each for each in question.bars if each.holds(facts)),
            steps=question.steps(facts),
            now=question.now(facts),
        )
        return self.setdefault(facts, made)

    def every(self) -> tuple[Cell[R], ...]:
        """Return every cell, in the order of the facts."""
        return tuple(self[facts] for facts in self.question.facts)


def cells(question: Question[R]) -> tuple[Cell[R], ...]:
    """Return every cell of a question, in the order of its facts."""
    return Cells(question).every()
