"""The clauses of the page's introduction: what each of them makes possible and forbids."""

import pytest

from subrenew import (
    CancelAt,
    Cart,
    Channel,
    Kind,
    Role,
    Route,
    Term,
    buy_anew,
    cancel,
    change_term,
    convert_trial,
    notices,
    renew,
    renew_automatically,
    switch_auto_renew,
    switching,
    term_change,
)
from tests.clauses.page import (
    CARD,
    EARLY,
    EXPIRES,
    OPEN,
    OPENS,
    PAGE,
    PRICES,
    STARTS,
    asked,
    automatic,
    cites,
    does,
    done,
    managed,
    refused,
    who,
)
from tests.makers import ANNUAL, MONTHLY, OFF, ON, a_subscription

SOLD_ON = a_subscription(channel=Channel.PARTNER)
RENEWERS = (Role.CONTRACT_MANAGER, Role.PURCHASER, Role.PRIMARY_ADMIN)


# Where it was bought


@pytest.mark.clause("channel")
def test_what_a_partner_sold_the_partner_renews():
    """It is not renewed here: the customer is sent to the partner."""
    decision = refused(renew(SOLD_ON, policy=PAGE, on=OPEN))
    assert decision.route is Route.CONTACT_PARTNER
    assert does(decision) == ["contact-partner"]
    assert "through-partner" in decision.codes
    assert "channel" in cites(decision)


@pytest.mark.clause("channel")
@pytest.mark.parametrize("channel", [Channel.ACCOUNT, Channel.ORDER])
def test_what_the_vendor_sold_is_renewed_with_the_vendor(channel):
    """The same subscription, bought in the account or by order, is renewed here."""
    bought = a_subscription(channel=channel)
    assert done(renew(bought, policy=PAGE, on=OPEN)).starts_on == EXPIRES
    assert "through-partner" not in asked(bought).codes


@pytest.mark.clause("channel")
def test_a_partners_switch_is_not_set_here():
    """Its automatic renewal is managed by the partner, so it is neither switched nor cancelled."""
    sold_on = automatic(channel=Channel.PARTNER)
    assert switching(sold_on, policy=PAGE, on=EARLY).route.value == "contact-partner"
    refused(switch_auto_renew(sold_on, to=OFF, policy=PAGE, on=EARLY))
    refused(cancel(sold_on, at=CancelAt.AT_ONCE, policy=PAGE, on=EARLY))
    assert does(asked(sold_on, EARLY)) == ["contact-partner"]


@pytest.mark.clause("channel")
def test_a_partner_changes_the_term_of_what_it_sold():
    """Not even in a region whose account page changes terms."""
    decision = refused(change_term(SOLD_ON, to=MONTHLY, policy=PAGE, on=EARLY, region="FR"))
    assert decision.route.value == "contact-partner"
    assert "channel" in cites(term_change(SOLD_ON, to=MONTHLY, policy=PAGE, on=EARLY))


# How it is set up


@pytest.mark.clause("automatic-default")
def test_bought_after_a_trial_with_a_card_it_renews_itself():
    """Nobody switched anything: on its first renewal date the run renews it."""
    trial = a_subscription(kind=Kind.TRIAL, term=Term.days(30), payment_method=CARD)
    bought = done(convert_trial(trial, id="S-2", policy=PAGE, on=STARTS, term=ANNUAL))
    assert bought.auto_renew is ON
    assert asked(bought, EARLY).renews_itself
    assert done(renew_automatically(bought, policy=PAGE, on=EXPIRES)).starts_on == EXPIRES


@pytest.mark.clause("automatic-default")
def test_bought_anew_with_a_card_it_is_on_though_the_old_one_was_off():
    """It is the default of what is bought, and no setting that is taken along."""
    ended = a_subscription(payment_method=CARD, auto_renew=OFF)
    assert done(buy_anew(ended, id="S-2", policy=PAGE, on=EXPIRES)).auto_renew is ON


@pytest.mark.clause("automatic-default")
def test_the_default_is_a_default():
    """Who buys may say otherwise, and without a payment method there is nothing to switch on."""
    ended = a_subscription(payment_method=CARD)
    chosen = buy_anew(ended, id="S-2", policy=PAGE, on=EXPIRES, auto_renew=OFF)
    without = buy_anew(a_subscription(), id="S-2", policy=PAGE, on=EXPIRES)
    assert [done(each).auto_renew for each in (chosen, without)] == [OFF, OFF]


@pytest.mark.clause("manual-sometimes")
def test_what_does_not_renew_itself_is_renewed_manually():
    """With the switch off, or on and nothing on file, the customer renews within the window."""
    for held in (a_subscription(payment_method=CARD), a_subscription(auto_renew=ON)):
        assert asked(held).can_renew_now
        assert done(renew(held, policy=PAGE, on=OPEN)).starts_on == EXPIRES
    assert asked(a_subscription()).route is Route.RENEW_NOW


@pytest.mark.clause("manual-sometimes")
@pytest.mark.parametrize("on", [EARLY, OPENS, OPEN])
def test_what_renews_itself_is_not_renewed_manually_too(on):
    """Some are renewed manually, and these are not: the term would be paid for twice."""
    decision = refused(renew(automatic(), policy=PAGE, on=on))
    assert decision.route is Route.RENEWS_ITSELF
    assert "renew" not in does(decision)


# Who renews in a managed environment


@pytest.mark.clause("managed")
@pytest.mark.parametrize("role", RENEWERS)
def test_in_a_managed_environment_three_roles_renew(role):
    """Each of the three alone is enough, to renew and to fill a cart."""
    assert done(renew(managed(), policy=PAGE, on=OPEN, actor=who(role))).starts_on == EXPIRES
    cart = Cart().add(managed(), policy=PAGE, prices=PRICES, on=OPEN, actor=who(role))
    assert isinstance(cart, Cart)


@pytest.mark.clause("managed")
@pytest.mark.parametrize("role", [each for each in Role if each not in RENEWERS])
def test_in_a_managed_environment_nobody_else_renews(role):
    """Every other role is sent to those who may, who are named."""
    decision = refused(renew(managed(), policy=PAGE, on=OPEN, actor=who(role)))
    assert decision.route is Route.ASK_THE_MANAGER
    assert does(decision) == ["ask-the-manager"]
    [found] = [each for each in decision.findings if each.code == "not-the-manager"]
    assert found.clause.id == "managed"
    assert dict(found.values)["roles"] == tuple(sorted(str(each) for each in RENEWERS))


@pytest.mark.clause("managed")
def test_in_a_managed_environment_nobody_else_changes_anything():
    """Neither the switch nor the next term nor the end."""
    held, user = managed(auto_renew=ON, payment_method=CARD), who(Role.USER)
    switch = switching(held, policy=PAGE, on=EARLY, actor=user)
    assert switch.route.value == "ask-the-manager"
    assert "managed" in cites(switch)
    refused(switch_auto_renew(held, to=OFF, policy=PAGE, on=EARLY, actor=user))
    refused(cancel(held, at=CancelAt.AT_ONCE, policy=PAGE, on=EARLY, actor=user))
    refused(change_term(held, to=MONTHLY, policy=PAGE, on=EARLY, region="FR", actor=user))


@pytest.mark.clause("managed")
def test_elsewhere_the_three_roles_count_for_nothing():
    """The rule is about managed environments; elsewhere the owner renews."""
    for role in RENEWERS:
        refused(renew(a_subscription(), policy=PAGE, on=OPEN, actor=who(role)))
    assert done(renew(a_subscription(), policy=PAGE, on=OPEN, actor=who(Role.OWNER)))


@pytest.mark.clause("managed")
def test_those_who_renew_get_the_message():
    """In a managed environment the message goes to the three roles."""
    [notice] = notices(managed(), policy=PAGE, on=EARLY)
    assert notice.recipients == frozenset(RENEWERS)
