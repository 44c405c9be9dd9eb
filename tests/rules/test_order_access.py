"""May this person open this order? One answer for all that is wrong, and one check for each."""

import unicodedata
from datetime import date
from itertools import product
from random import Random  # noqa: TID251 - seeded: the same guesses every time
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Decision,
    InvalidType,
    Order,
    OrderRoute,
    RegionLink,
    Secret,
    Tries,
    clause,
    normalised_number,
    order_access,
)
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.rules import order_access as rules
from subrenew.rules.facts import OrderAccessFacts, Password, Prefilled, Proof
from subrenew.rules.order_access import QUESTION
from tests.makers import a_subscription

DAY = date(2026, 1, 1)
NUMBER = "AB-1234-Z"
RIGHT = Secret("hunter2")
POLICY = autodesk.EDITION_2024.evolve(
    order_reset_link="https://example.com/reset",
    order_links=(
        RegionLink(region="EMEA", url="https://example.com/emea"),
        RegionLink(region="FR", url="https://example.com/fr"),
    ),
)
ORDER = Order(number=NUMBER, placed_on=date(2025, 1, 1), subscriptions=(a_subscription(),))


class Checker:
    """Counts the checks that are made."""

    def __init__(self, right: Secret = RIGHT) -> None:
        self.right = right
        self.calls = 0

    def __call__(self, secret: Secret) -> bool:
        self.calls += 1
        return secret == self.right


def _asked(
    order: Order | None = ORDER,
    *,
    number: Any = NUMBER,
    password: Secret | None = RIGHT,
    verify: Any = None,
    **more: Any,
) -> Decision[OrderRoute]:
    return order_access(
        order,
        number=number,
        password=password,
        verify=verify or Checker(),
        policy=more.pop("policy", POLICY),
        on=DAY,
        **more,
    )


def _public(decision: Decision[OrderRoute]) -> dict[str, object]:
    """Everything that can be read of a decision."""
    names = [name for name in dir(decision) if not name.startswith("_")]
    values = {name: getattr(decision, name) for name in names}
    read = {name: value for name, value in values.items() if not callable(value)}
    return read | {"repr": repr(decision), "en": decision.explain(), "fr": decision.explain("fr")}


# The ways


def test_number_and_password_open_the_order() -> None:
    """The order itself is in the decision that opened it, and in no other."""
    decision = _asked()
    assert decision.route is OrderRoute.OPEN_ORDER
    assert decision.subscription is ORDER
    assert decision.codes == ()
    assert [action.code for action in decision.actions] == ["manage-order"]


WRONG: dict[str, dict[str, Any]] = {
    "wrong password": {"password": Secret("hunter3")},
    "wrong number": {"number": "AB-1234-Y"},
    "both wrong": {"number": "AB-1234-Y", "password": Secret("hunter3")},
    "unknown order": {"order": None},
    "unknown order, wrong password": {"order": None, "password": Secret("hunter3")},
    "garbage": {"number": "\0"},
    "an empty number": {"number": ""},
    "no text at all": {"number": None},
    "an empty password": {"password": Secret("")},
    "the placeholder of an unknown order": {"order": None, "number": "?"},
}


@pytest.mark.parametrize("asked", WRONG.values(), ids=WRONG)
def test_all_that_is_wrong_is_one_answer(asked: dict[str, Any]) -> None:
    """Reading 19: every public attribute is the same, the order is not in it, and it is equal."""
    decision = _asked(**asked)
    other = _asked(None, number="X", password=Secret("nothing"))
    assert decision.route is OrderRoute.TRY_AGAIN
    assert decision == other
    assert _public(decision) == _public(other)
    assert decision.subscription is None
    assert decision.codes == ("not-found", "page-elsewhere")


@pytest.mark.parametrize("asked", [{}, *WRONG.values()], ids=["right", *WRONG])
def test_a_password_is_checked_once_whatever_is_wrong(asked: dict[str, Any]) -> None:
    """Exactly one check is made where a password is given, also for an order that is not there."""
    checker = Checker()
    _asked(**asked, verify=checker)
    assert checker.calls == 1


def test_a_forgotten_password_leads_to_the_reset_link() -> None:
    """Clause `order.forgotten`: nothing is checked, and the policy's link is in the finding."""
    checker = Checker()
    for order in (ORDER, None):
        decision = _asked(order, password=None, verify=checker, region="FR")
        assert decision.route is OrderRoute.RESET_PASSWORD
        assert decision.codes == ("password-forgotten", "page-elsewhere")
        forgotten, elsewhere = decision.findings
        assert forgotten.value("link") == "https://example.com/reset"
        assert forgotten.clause == clause("order.forgotten")
        assert elsewhere.value("link") == "https://example.com/fr"
        assert decision.subscription is None
    assert checker.calls == 0


def test_a_forgotten_password_comes_before_all_else() -> None:
    """Whoever has no tries left, or another number, may reset the password all the same."""
    decision = _asked(password=None, tries=Tries.USED_UP, confirmed_number="OTHER")
    assert decision.route is OrderRoute.RESET_PASSWORD
    assert set(decision.codes) == {
        "too-many-tries",
        "prefilled-differs",
        "password-forgotten",
        "page-elsewhere",
    }


def test_with_no_tries_left_even_the_right_password_waits() -> None:
    """Nothing is checked, so that nothing can be learnt; known and unknown wait alike."""
    checker = Checker()
    answers = [
        _asked(order, password=password, tries=Tries.USED_UP, verify=checker)
        for order in (ORDER, None)
        for password in (RIGHT, Secret("hunter3"))
    ]
    assert checker.calls == 0
    assert {answer.route for answer in answers} == {OrderRoute.WAIT}
    assert [_public(answer) for answer in answers] == [_public(answers[0])] * 4
    assert "too-many-tries" in answers[0].codes


@pytest.mark.parametrize("password", [RIGHT, Secret("hunter3")], ids=["right", "wrong"])
@pytest.mark.parametrize("order", [ORDER, None], ids=["known", "unknown"])
def test_a_prefilled_number_that_differs_is_its_own_answer(
    password: Secret, order: Order | None
) -> None:
    """Clause `order.prefilled`: the confirmation message's counts, whatever the password is."""
    checker = Checker()
    decision = _asked(order, password=password, confirmed_number="AB-1235-Z", verify=checker)
    assert decision.route is OrderRoute.CHECK_NUMBER
    assert decision.subscription is None
    assert [action.code for action in decision.actions] == ["copy-number"]
    assert decision.codes == ("prefilled-differs", "page-elsewhere")
    assert checker.calls == 1
    assert _public(decision) == _public(_asked(None, number="X", confirmed_number="AB-1235-Z"))


@pytest.mark.parametrize("confirmed", [NUMBER, " ab-1234-z\n", "\uff21\uff22-1234-Z", None, "\0?"])
def test_a_prefilled_number_that_agrees_is_no_finding(confirmed: str | None) -> None:
    """Numbers are compared normalised; one that cannot be a number is no number to compare."""
    assert _asked(confirmed_number=confirmed).route is OrderRoute.OPEN_ORDER


def test_garbage_beside_a_confirmed_number_differs() -> None:
    """What cannot be a number is not the one of the message."""
    assert _asked(number="?", confirmed_number=NUMBER).route is OrderRoute.CHECK_NUMBER


@pytest.mark.parametrize(
    ("region", "link"),
    [("FR", "https://example.com/fr"), (" emea ", "https://example.com/emea")],
)
def test_each_region_has_its_link(region: str, link: str) -> None:
    """Clause `order.links`: the policy's link for the region and no other, where it has one."""
    elsewhere = _asked(password=Secret("wrong"), region=region).findings[-1]
    assert elsewhere.code == "page-elsewhere"
    assert elsewhere.values == (("link", link),)


@pytest.mark.parametrize("region", ["JP", "", None])
def test_where_the_region_is_unknown_all_links_are_shown(region: str | None) -> None:
    """Clause `order.links`: region and address of each, in the policy's order."""
    elsewhere = _asked(password=Secret("wrong"), region=region).findings[-1]
    assert elsewhere.code == "page-elsewhere"
    assert elsewhere.values == (("links", POLICY.order_links),)


def test_a_policy_without_links_has_none_to_give() -> None:
    """What a page does not say is not made up."""
    for region in ("FR", None):
        decision = _asked(password=None, policy=autodesk.EDITION_2024, region=region)
        assert [finding.values for finding in decision.findings] == [(), ()]


# What is typed


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("AB-1234-Z", "AB-1234-Z"),
        ("ab-1234-z", "AB-1234-Z"),
        ("  AB-1234-Z\n", "AB-1234-Z"),
        ("A B - 1 2 3 4 - Z", "AB-1234-Z"),
        ("AB-1234-Z\t\r\n", "AB-1234-Z"),
        ("\u3000AB-1234-Z\u00a0", "AB-1234-Z"),
        ("\uff21\uff22\uff0d\uff11\uff12\uff13\uff14\uff0d\uff3a", "AB-1234-Z"),
        ("7", "7"),
        ("9" * 40, "9" * 40),
    ],
)
def test_width_case_and_blanks_do_not_matter(typed: str, number: str) -> None:
    """Full-width digits are the same digits, and whoever copies a line break copies a blank."""
    assert normalised_number(typed) == number
    order = attrs.evolve(ORDER, number=number)
    assert _asked(order, number=typed).route is OrderRoute.OPEN_ORDER


@pytest.mark.parametrize(("blanks", "taken"), [(192, True), (193, True), (194, False)])
def test_a_number_may_be_padded_up_to_200_characters(blanks: int, taken: bool) -> None:
    """Blanks are taken away, but not without end: 199 and 200 characters are read, 201 are not."""
    for typed in (" " * blanks + "AB-1234", "AB-1234" + " " * blanks):
        assert normalised_number(typed) == ("AB-1234" if taken else None)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "-AB",
        "AB-",
        "9" * 41,
        " " * 201,
        "AB\0",
        "AB\u200b-1",
        "A\u0412-1",  # Cyrillic Ve
        "\u0391B-1",  # Greek Alpha
        "\u0661\u0662",  # Arabic digits
        "AB_1",
        "AB\u20131",  # an en dash
        "\ud800",
        "\u0131",  # a dotless i, whose capital is an I
        "\u00df",  # whose capital is SS
        "\ufb05\u0149",
        "A" * 1_000_000,
        None,
        7,
        b"AB-1",
    ],
    ids=lambda typed: ascii(typed)[:20],
)
def test_what_cannot_be_a_number_is_none(typed: Any) -> None:
    """Look-alike letters are not the same letters, and nothing is an error."""
    assert normalised_number(typed) is None
    assert _asked(number=typed).route is OrderRoute.TRY_AGAIN


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
def test_a_normalised_number_is_ascii_and_stays_itself(text: str) -> None:
    """Whatever is typed: capitals of ASCII, or nothing; normal once is normal twice."""
    number = normalised_number(text)
    if number is not None:
        assert number.isascii()
        assert normalised_number(number) == number
        assert Order(number=number, placed_on=DAY, subscriptions=(a_subscription(),))


DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"


@given(st.text(DIGITS, min_size=1, max_size=40).map(lambda text: text.strip("-") or "7"))
def test_every_number_that_an_order_has_can_be_typed(number: str) -> None:
    """As it is, in small letters, and in full width."""
    wide = "".join(chr(ord(each) + 0xFEE0) for each in number)
    assert normalised_number(number) == normalised_number(number.lower()) == number
    assert normalised_number(wide) == number


LOOK_ALIKES = {
    "A": "\u0410\u0391\u13aa\u0251",
    "B": "\u0412\u0392\u0432",
    "Z": "\u0396\u2124\u1d22",
    "1": "lI|\u0661\u2474",
    "2": "\u01a7\u0662\u00bd",
    "3": "\u0417\u04e0\u0663",
    "4": "\u0664\u13ce",
    "-": "\u2013\u2014\u2212_\u00ad",
}
NOISE = ["\0", "\u200b", "\u202e", "\ufeff", "\ud800", "\udfff", "\x1b[2J", "'; --", "%00", "\x7f"]


def _mangled(text: str, random: Random) -> str:
    """Return the text with one to three things done to it."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        match random.randrange(7):
            case 0 if at < len(text):
                text = text[:at] + random.choice(LOOK_ALIKES.get(text[at], "x")) + text[at + 1 :]
            case 1:
                text = text[:at] + random.choice(NOISE) + text[at:]
            case 2:
                text = text[:at] + text[at + 1 :]
            case 3:
                text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text) + "7"
            case 4:
                text += random.choice(["\n", "\r\n", "\u2028", "\x85", " "]) * random.randint(1, 3)
            case 5:
                text = text.swapcase() + chr(random.randrange(0x110000))
            case _:
                text = text[::-1]
    return text


def test_ten_thousand_wrong_guesses_are_one_answer() -> None:
    """Whatever numbers and passwords are tried: one answer, one check each, never an exception."""
    random = Random(19)
    hasher = ScryptHasher(cost=4, r=1)
    stored = hasher.hash(RIGHT)
    expected = _public(_asked(None, number="X", password=Secret("nothing")))
    checks = 0
    for turn in range(10_000):
        number = _mangled(NUMBER, random) if random.random() < 0.7 else NUMBER
        right_number = normalised_number(number) == NUMBER
        word = _mangled("hunter2", random)
        if unicodedata.normalize("NFC", word) == "hunter2":
            word += "!"
        if turn % 1000 == 0:
            number, word = number * 100_000, word + "\u0301" * 1_000_000
        # Storage finds the order by its normalised number, and otherwise nothing.
        order = ORDER if right_number else None

        def verify(secret: Secret, known: bool = right_number) -> bool:
            nonlocal checks
            checks += 1
            return hasher.verify(secret, stored if known else None)

        decision = _asked(order, number=number, password=Secret(word), verify=verify)
        assert checks == turn + 1
        if turn % 100 == 0:
            assert _public(decision) == expected
        assert decision.route is OrderRoute.TRY_AGAIN, (number, word)
        assert decision[1:] == (None, POLICY, POLICY, DAY, decision.asked)
        assert decision.asked == expected["asked"]


@given(
    number=st.one_of(
        st.text(alphabet=st.characters(exclude_categories=()), max_size=60), st.none()
    ),
    password=st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
    known=st.booleans(),
)
def test_any_text_is_answered(number: str | None, password: str, known: bool) -> None:
    """No text is an exception, and none but the right two open anything."""
    decision = _asked(ORDER if known else None, number=number, password=Secret(password))
    opens = known and normalised_number(number) == NUMBER and password == "hunter2"  # type: ignore[arg-type]
    assert decision.route is (OrderRoute.OPEN_ORDER if opens else OrderRoute.TRY_AGAIN)


# What the caller has to do


@pytest.mark.parametrize("password", ["hunter2", b"hunter2", 17], ids=repr)
def test_plain_text_is_refused_and_not_shown(password: Any) -> None:
    """Whoever forgets to wrap a password is told to, without it."""
    with pytest.raises(InvalidType, match="wrap it in Secret") as caught:
        _asked(password=password)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("answer", [1, "yes", object(), None, 0])
def test_only_true_is_true(answer: object) -> None:
    """A verify that returns something else has not verified."""
    assert _asked(verify=lambda secret: answer).route is OrderRoute.TRY_AGAIN


def test_the_day_and_the_tries_are_checked() -> None:
    """Nothing is coerced."""
    with pytest.raises(InvalidType, match="tries"):
        _asked(tries="left")
    with pytest.raises(InvalidType, match="date"):
        order_access(
            None,
            number="A",
            password=None,
            verify=Checker(),
            policy=POLICY,
            on="2026-01-01",  # type: ignore[arg-type]
        )


def test_what_was_proved_by_a_password_is_not_stored() -> None:
    """A decision about an order is not asked again from what it holds: the password is gone."""
    with pytest.raises(TypeError, match="checked a password"):
        rules.QUESTION.ask(a_subscription(), POLICY, DAY, None)


# The cells


def test_every_combination_has_the_route_of_its_order() -> None:
    """Forgotten, then tries, then the prefilled number, then the proof; each fact matters."""
    for cell in QUESTION.facts:
        assert isinstance(cell, OrderAccessFacts)
        if cell.password is Password.FORGOTTEN:
            expected = OrderRoute.RESET_PASSWORD
        elif cell.tries is Tries.USED_UP:
            expected = OrderRoute.WAIT
        elif cell.prefilled is Prefilled.DIFFERS:
            expected = OrderRoute.CHECK_NUMBER
        elif cell.proof is Proof.GIVEN:
            expected = OrderRoute.OPEN_ORDER
        else:
            expected = OrderRoute.TRY_AGAIN
        assert rules.route(cell) is expected
        assert [step.clause for step in rules.steps(cell)] == [expected.clause] * len(
            rules.steps(cell)
        )
    assert len(QUESTION.facts) == len(list(product(Prefilled, Proof, Tries, Password)))


WAYS: dict[OrderRoute, tuple[dict[str, Any], list[tuple[str, OrderRoute]]]] = {
    OrderRoute.RESET_PASSWORD: (
        {"password": None},
        [("reset-password", OrderRoute.OPEN_ORDER)],
    ),
    OrderRoute.WAIT: ({"tries": Tries.USED_UP}, [("try-later", OrderRoute.TRY_AGAIN)]),
    OrderRoute.CHECK_NUMBER: (
        {"confirmed_number": "AB-1235-Z"},
        [("copy-number", OrderRoute.OPEN_ORDER)],
    ),
    OrderRoute.OPEN_ORDER: ({}, [("manage-order", OrderRoute.OPEN_ORDER)]),
    OrderRoute.TRY_AGAIN: (
        {"password": Secret("wrong")},
        [("copy-number", OrderRoute.OPEN_ORDER), ("reset-password", OrderRoute.RESET_PASSWORD)],
    ),
}


@pytest.mark.parametrize("route", OrderRoute)
def test_every_action_leads_where_it_says(route: OrderRoute) -> None:
    """On each way: what can be done, and the way forward after it; waiting leads to another try."""
    more, actions = WAYS[route]
    decision = _asked(**more)
    assert decision.route is route
    assert [(action.code, action.leads_to) for action in decision.actions] == actions


def test_what_is_not_counted_proves_nothing() -> None:
    """Neither a forgotten password, nor one not checked any more, nor a differing number's."""
    impossible = [facts for facts in QUESTION.facts if not rules.possible(facts, POLICY)]  # type: ignore[arg-type]
    assert len(impossible) == 7
    assert all(facts.proof is Proof.GIVEN for facts in impossible)  # type: ignore[union-attr]
    assert all(
        facts.password is Password.FORGOTTEN  # type: ignore[union-attr]
        or facts.tries is Tries.USED_UP  # type: ignore[union-attr]
        or facts.prefilled is Prefilled.DIFFERS  # type: ignore[union-attr]
        for facts in impossible
    )
