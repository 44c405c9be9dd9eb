"""On every day exactly one edition is in force, or the error names the first."""

import pickle
from datetime import date, datetime, timedelta

import pytest

from subrenew.errors import InvalidType, InvalidValue, NotInForce
from subrenew.model.entities import Subscription
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions, KeyedOn, Policy, Start
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.scopes import Scope
from subrenew.policy.vendors.autodesk import EDITION_2024, EDITION_2025_12, EDITIONS

DAY = timedelta(days=1)
SUBSCRIPTION = Subscription(
    id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 1, 31)
)


def edition(from_on: date, name: str) -> Edition:
    """Return an edition of a bare policy."""
    return Edition(from_on=from_on, policy=RenewalPolicy(id=name))


THREE = Editions(
    (
        edition(date(2024, 1, 1), "v/1"),
        edition(date(2024, 2, 29), "v/2"),
        edition(date(2024, 3, 1), "v/3"),
    )
)


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2024-01-01", "v/1"),
        ("2024-01-02", "v/1"),
        ("2024-02-28", "v/1"),
        ("2024-02-29", "v/2"),
        ("2024-03-01", "v/3"),
        ("2024-03-02", "v/3"),
        ("9000-12-31", "v/3"),
    ],
)
def test_an_edition_holds_from_its_day_until_the_next(on: str, name: str) -> None:
    """The day before belongs to the earlier edition, the day itself and after to the later."""
    found = THREE.in_force(SUBSCRIPTION, on=date.fromisoformat(on))
    assert found.id == name


@pytest.mark.parametrize("on", [date(2023, 12, 31), date(1900, 1, 1)])
def test_before_the_first_there_is_none(on: date) -> None:
    """Before the first edition the error names it, its day and the way out."""
    with pytest.raises(NotInForce) as caught:
        THREE.in_force(SUBSCRIPTION, on=on)
    assert str(caught.value) == (
        f"no edition is in force on {on}: the first, v/1, begins on 2024-01-01; "
        "ask about a later day or name a policy"
    )


def test_exactly_one_on_every_day() -> None:
    """From 2023 to 2030 each day has one edition, that of the last first day, or none yet."""
    day = date(2023, 1, 1)
    while day < date(2031, 1, 1):
        begun = [each for each in EDITIONS.editions if each.from_on <= day]
        if begun:
            found = EDITIONS.in_force(SUBSCRIPTION, on=day)
            assert found is max(begun, key=lambda each: each.from_on).policy
        else:
            with pytest.raises(NotInForce, match="autodesk/2024, begins on 2024-01-01"):
                EDITIONS.in_force(SUBSCRIPTION, on=day)
        day += DAY


def test_the_vendors_editions() -> None:
    """The source holds from 2024 on and the page that followed it from 29 December 2025 on."""
    asked = (date(2024, 1, 1), date(2025, 12, 28), date(2025, 12, 29))
    found = [EDITIONS.in_force(SUBSCRIPTION, on=day) for day in asked]
    assert found == [EDITION_2024, EDITION_2024, EDITION_2025_12]


@pytest.mark.parametrize(
    ("on", "later"),
    [
        ("2023-12-31", ["2024-01-01", "2024-02-29", "2024-03-01"]),
        ("2024-01-01", ["2024-02-29", "2024-03-01"]),
        ("2024-02-28", ["2024-02-29", "2024-03-01"]),
        ("2024-02-29", ["2024-03-01"]),
        ("2024-03-01", []),
    ],
)
def test_the_days_on_which_another_begins(on: str, later: list[str]) -> None:
    """The days after the one asked about, ascending; never that day itself."""
    found = THREE.starts_after(date.fromisoformat(on))
    assert [day.isoformat() for day in found] == later


def test_editions_ascend() -> None:
    """No day twice and none before the last: neither an overlap nor a gap can be written."""
    first, second = edition(date(2024, 1, 1), "v/1"), edition(date(2024, 1, 2), "v/2")
    assert Editions((first, second)).editions == (first, second)
    for wrong in ((second, first), (first, first), (first, second, second)):
        with pytest.raises(InvalidValue, match=r"Editions\.editions .* give days that ascend"):
            Editions(wrong)
    with pytest.raises(InvalidValue, match="give at least one edition"):
        Editions(())


def test_editions_are_checked() -> None:
    """An edition is a day and a policy, and editions are a tuple of them."""
    with pytest.raises(InvalidType, match=r"Edition\.from_on"):
        Edition(from_on=datetime(2024, 1, 1), policy=EDITION_2024)
    with pytest.raises(InvalidType, match=r"Edition\.policy .* give a RenewalPolicy"):
        Edition(from_on=date(2024, 1, 1), policy=EDITIONS)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"Editions\.editions\[0\]"):
        Editions((EDITION_2024,))  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match="give a tuple of Edition"):
        Editions(list(THREE.editions))  # type: ignore[arg-type]


def test_every_edition_evolves() -> None:
    """Each policy has the field changed and all else kept, and so has each edition."""
    made = EDITIONS.evolve(window_opens_days=7)
    assert made == Editions(
        tuple(
            Edition(from_on=each.from_on, policy=each.policy.evolve(window_opens_days=7))
            for each in EDITIONS.editions
        )
    )
    assert {each.policy.window_opens_days for each in made.editions} == {7}
    assert EDITIONS.evolve() == EDITIONS
    keyed = Edition(
        from_on=date(2024, 1, 1),
        policy=EDITION_2024,
        keyed_on=KeyedOn.TERM_END,
        also=(Start(keyed_on=KeyedOn.ACT, from_on=date(2023, 1, 1)),),
        scope=Scope(countries=frozenset({"FR"})),
    )
    (evolved,) = Editions((keyed,)).evolve(window_opens_days=7).editions
    assert (evolved.keyed_on, evolved.also, evolved.scope) == (
        keyed.keyed_on,
        keyed.also,
        keyed.scope,
    )


def test_other_editions_may_be_given() -> None:
    """Those are taken, and are changed where something else is given too."""
    assert EDITIONS.evolve(editions=THREE.editions) == THREE
    made = EDITIONS.evolve(editions=THREE.editions, window_opens_days=7)
    assert [each.policy.id for each in made.editions] == ["v/1", "v/2", "v/3"]
    assert {each.policy.window_opens_days for each in made.editions} == {7}


def test_several_editions_keep_their_identifiers() -> None:
    """One name for all could not tell which is in force; a single edition may be given one."""
    with pytest.raises(InvalidValue, match=r"id is 'v/9': leave it out"):
        THREE.evolve(id="v/9")
    one = Editions((edition(date(2024, 1, 1), "v/1"),)).evolve(id="v/9")
    assert [each.policy.id for each in one.editions] == ["v/9"]


def test_evolved_editions_are_checked() -> None:
    """As new ones are."""
    with pytest.raises(InvalidValue, match="window_opens_days"):
        EDITIONS.evolve(window_opens_days=-1)
    with pytest.raises(InvalidValue, match="at least one edition"):
        EDITIONS.evolve(editions=())
    with pytest.raises(InvalidType, match=r"Editions\.editions"):
        EDITIONS.evolve(editions=EDITION_2024)


def test_editions_are_values() -> None:
    """Editions compare, hash and pickle by what they hold."""
    twin = pickle.loads(pickle.dumps(EDITIONS))  # noqa: S301 - our own bytes
    assert twin == EDITIONS
    assert hash(twin) == hash(EDITIONS)
    assert twin != THREE


def test_one_policy_and_editions_answer_alike() -> None:
    """Either can be asked which policy is in force, and gives a policy."""
    sources: tuple[Policy, ...] = (EDITION_2024, EDITIONS)
    for source in sources:
        assert source.in_force(SUBSCRIPTION, on=date(2024, 6, 1)) is EDITION_2024
