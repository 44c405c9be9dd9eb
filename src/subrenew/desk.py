"""
The use cases over an application's storage: who may, decide, transition, save, once.

Rule 1: the desk decides nothing. It loads, calls the pure transition, and saves what that returned.
How orders are stored is `subrenew.order_records`, how their pages open `subrenew.order_pages`.

Rule 2: each use case is one transaction. A refusal saves nothing but, where there is a key, itself.

Rule 3: with a key, the same request gives the first answer again, whatever it was, and another
request is a `KeyTaken` (`subrenew.answers`). Without one, the rules themselves keep a term from
being renewed twice.

Rule 4: the nightly run takes each subscription in a transaction of its own: one failure is reported
and never stops the others, and a run that was killed is simply run again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final

import attrs

from subrenew import answers, order_pages, order_records
from subrenew.answers import Request
from subrenew.collecting import Decline, DueReport, PaymentGateway, Refund, Run
from subrenew.errors import InvalidType, InvalidValue, NotFound, RevisionConflict
from subrenew.model import checks
from subrenew.model.entities import Actor, AutoRenew, Order, PaymentMethod, Subscription
from subrenew.model.money import Money
from subrenew.model.secret import Secret
from subrenew.model.terms import days_after
from subrenew.order_pages import ResetAnswer
from subrenew.passwords import BoundedHasher, PasswordHasher
from subrenew.policy.attempts import AttemptLimit
from subrenew.policy.editions import Policy
from subrenew.policy.prices import PriceBook
from subrenew.renewal import dues, lifecycle, notices, settings
from subrenew.renewal.carts import CartChange, CheckOut, Purchase
from subrenew.renewal.dues import Due, Receipt
from subrenew.renewal.lifecycle import CancelAt
from subrenew.renewal.notice_days import Notice
from subrenew.renewal.quotes import renewal_quote
from subrenew.renewal.transitions import OrderTransition, Refusal, Transition
from subrenew.repositories import Keeping, Outbox, Repositories, Storage, Stored
from subrenew.rules.decisions import Decision
from subrenew.rules.facts import Collection
from subrenew.rules.order_access import OrderRoute
from subrenew.rules.renewability import Route
from subrenew.rules.schedules import longest_catch_up_days, longest_lead_days

__all__ = ["Desk", "ResetAnswer"]

_Act = Callable[[Subscription], Transition | Refusal]
_PAGE: Final = 500
_MOST_CONFLICTS: Final = 20
_LIMIT: Final = AttemptLimit()
_TOKEN_LASTS: Final = timedelta(hours=1)


@attrs.frozen(kw_only=True)
class Desk:
    """
    An application's use cases over its storage, under a policy.

    A key makes a retry harmless. It is the caller's, text of 1 to 200 characters, and stands for
    one request: what is asked, of which subscription or order, with which arguments. The same
    request gets the first answer, a refusal too, whatever has happened since; the day and the value
    of a password are left out, so that a retry may come on another day. A different request under
    the key is a `KeyTaken`, and an empty key an error.

    See ``docs/how-to/bring-your-own-storage.md`` for one in full.
    """

    #: Where things are kept.
    storage: Storage
    #: An edition, or editions from which the day chooses one.
    policy: Policy
    #: Checks order passwords; by default four at once, at the recommended cost.
    hasher: PasswordHasher = attrs.field(factory=BoundedHasher)
    #: How often an order's password may be tried.
    limit: AttemptLimit = _LIMIT
    #: Returns a new text that nobody can guess, of 22 characters or more, for each password reset.
    tokens: Callable[[], str] = attrs.field(default=secrets.token_urlsafe, repr=False)
    #: How long a token resets a password.
    token_lasts: timedelta = _TOKEN_LASTS
    #: Returns the instant, with a time zone, that events are stamped with; without one they have
    #: their day alone.
    clock: Callable[[], datetime] | None = attrs.field(default=None, repr=False)
    #: Called with the repositories and the events of an act, in the transaction that keeps them: to
    #: keep messages about them, all or nothing. What it raises undoes the act.
    outbox: Outbox | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.instance("Desk.token_lasts", self.token_lasts, timedelta)
        if self.token_lasts <= timedelta(0):
            raise InvalidValue("Desk.token_lasts", self.token_lasts, "give a time above zero")

    def renew(
        self,
        subscription_id: str,
        *,
        on: date,
        actor: Actor | None = None,
        term_ends_on: date | None = None,
        key: str | None = None,
    ) -> Transition | Refusal:
        """
        Renew manually; the event keeps what it costs that day.

        Args:
            subscription_id: Which.
            on: The day of the act.
            actor: Who renews.
            term_ends_on: The end of the term that is renewed, as the page showed it: pressed again
                from the same page, it is refused (`already-renewed`) and not renewed once more.
            key: Makes a retry harmless.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        asked = answers.request(
            "renew", key, subscription=subscription_id, actor=actor, term_ends_on=term_ends_on
        )
        terms: dict[str, Any] = {
            "policy": self.policy,
            "on": on,
            "actor": actor,
            "term_ends_on": term_ends_on,
        }

        def act(each: Subscription, prices: PriceBook) -> Transition | Refusal:
            done = lifecycle.renew(each, **terms)
            if isinstance(done, Refusal):
                return done
            quote = renewal_quote(each, prices=prices, policy=self.policy, on=on, by_hand=True)
            return lifecycle.renew(each, **terms, amount=quote.lines[0].total_without("debt"))

        return self._once_at_a_price(subscription_id, act, asked)

    def switch_auto_renew(
        self,
        subscription_id: str,
        *,
        to: AutoRenew,
        on: date,
        actor: Actor | None = None,
        key: str | None = None,
    ) -> Transition | Refusal:
        """
        Switch automatic renewal of one subscription, in the account.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        asked = answers.request(
            "switch_auto_renew", key, subscription=subscription_id, to=to, actor=actor
        )
        return self._once(
            subscription_id,
            lambda each: settings.switch_auto_renew(
                each, to=to, policy=self.policy, on=on, actor=actor
            ),
            asked,
        )

    def change(
        self,
        subscription_id: str,
        act: _Act,
        *,
        key: str | None = None,
        request: str | None = None,
    ) -> Transition | Refusal:
        """
        Do any transition of `subrenew.renewal` to one subscription, once.

        Args:
            subscription_id: Which.
            act: Takes the subscription as it is stored and returns a transition or a refusal.
            key: Makes a retry harmless.
            request: Says what the act is, with its arguments, such as ``"cancel at-once"``: a
                function does not tell. Required with a key.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            InvalidType: A key without *request*.
            RevisionConflict: Somebody else saved first; ask again.
        """
        if key is not None and request is None:
            raise InvalidType(
                "request",
                request,
                'with a key, say what the act is and with which arguments: "cancel at-once"',
            )
        checks.optional_text("request", request)
        asked = answers.request("change", key, subscription=subscription_id, request=request)
        return self._once(subscription_id, act, asked)

    def cancel(
        self,
        subscription_id: str,
        *,
        at: CancelAt,
        on: date,
        actor: Actor | None = None,
        key: str | None = None,
    ) -> Transition | Refusal:
        """
        Cancel, at the end of the term or at once.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        asked = answers.request("cancel", key, subscription=subscription_id, at=at, actor=actor)
        return self._once(
            subscription_id,
            lambda each: lifecycle.cancel(each, at=at, policy=self.policy, on=on, actor=actor),
            asked,
        )

    def lapse(
        self, subscription_id: str, *, on: date, key: str | None = None
    ) -> Transition | Refusal:
        """
        Record that a subscription is over.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        asked = answers.request("lapse", key, subscription=subscription_id)
        return self._once(
            subscription_id, lambda each: lifecycle.lapse(each, policy=self.policy, on=on), asked
        )

    def write_off(
        self, subscription_id: str, *, on: date, key: str | None = None
    ) -> Transition | Refusal:
        """
        Give up what a subscription owes.

        Raises:
            NotFound: There is no such subscription.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        asked = answers.request("write_off", key, subscription=subscription_id)
        return self._once(
            subscription_id, lambda each: dues.write_off(each, policy=self.policy, on=on), asked
        )

    def due(self, on: date) -> Iterator[Due]:
        """
        Yield what may be charged or invoiced on that day, each read when it is asked for.

        Charge it outside of any transaction, under `Due.key`, and give what became of it to
        `record`; `renew_due` does both.
        """
        for subscription_id in self._due(on):
            found = self._read_due(subscription_id, on)
            if isinstance(found, Due) and found.is_open(on):
                yield found

    def record(
        self, due: Due, outcome: Receipt | Decline, *, on: date
    ) -> Transition | Refusal | Refund:
        """
        Record what became of a due: that it was paid, or that it was not.

        Paid, the term is given, or the invoice settled. A payment that is recorded again gets the
        first answer, however much later: also a refund, so that money which was given back once
        renews nothing. Where somebody else saves at the same moment it is read and recorded anew.

        Args:
            due: What was charged or invoiced.
            outcome: What the gateway answered, or what its message said later.
            on: The day.

        Returns:
            What was recorded; a `Refund` where the money has to be given back, because the renewal
            was stopped in the meantime; a refusal where there was nothing to decline.

        Raises:
            NotFound: There is no such subscription any more.
            RevisionConflict: Somebody else saved first, many times in a row; record it again.
        """
        if isinstance(outcome, Decline):
            return self._again(
                due, lambda each: dues.payment_failed(each, due, policy=self.policy, on=on), None
            )
        done = self._again(
            due,
            lambda each: dues.record_payment(each, due, outcome, policy=self.policy, on=on),
            _recording(due, outcome),
        )
        if isinstance(done, Refusal):
            return Refund(due=due, receipt=outcome, refusal=done)
        return done

    def renew_due(self, on: date, *, collect: PaymentGateway | None = None) -> DueReport:
        """
        Renew everything that renews itself on that day, or should have in the days before.

        Pages through what is due: charges each, and then records it. What is renewed on invoice is
        renewed, and its amount is owed. Run again, after a crash or by mistake, it finds done what
        is done and goes on with the rest.

        Args:
            on: The day of the run.
            collect: Takes the money. Without one nothing is charged, and what renews itself counts
                as renewed: for applications that charge on their own.
        """
        run = Run(on)
        for subscription_id in self._due(on):
            try:
                self._renew_one(subscription_id, run, collect)
            except Exception as error:  # noqa: BLE001 - storages and gateways have their own errors
                run.failed(subscription_id, error)
        return run.report()

    def _renew_one(self, subscription_id: str, run: Run, collect: PaymentGateway | None) -> None:
        on, due = run.on, self._read_due(subscription_id, run.on)
        if isinstance(due, Refusal):
            if due.decision.subscription.expires_on > on:
                return  # read for an attempt before its end, of which there is none
            run.left_alone(subscription_id, str(due.decision.route))
        elif collect is not None and due.amount is None:
            run.left_alone(subscription_id, due.findings[-1].code)
        elif collect is None or due.collection is Collection.INVOICED:
            if on < due.charged_on:
                return
            run.renewed_or_left(
                self._once(
                    subscription_id,
                    lambda each: lifecycle.renew_automatically(
                        each, policy=self.policy, on=on, amount=due.amount
                    ),
                    None,
                ),
                subscription_id,
            )
        elif due.is_open(on):
            outcome = collect.charge(due)
            if not isinstance(outcome, Receipt | Decline):
                raise InvalidType("PaymentGateway.charge", outcome, "return a Receipt or a Decline")
            run.recorded(due, outcome, self.record(due, outcome, on=on))

    def notices_due(self, on: date) -> Iterator[Notice]:
        """Yield what is to be sent on that day and was not; send it, then `mark_sent`."""
        checks.calendar_date("on", on)
        everything = self._pages(
            lambda found, at: found.subscriptions.expiring(
                checks.FIRST_DAY, checks.LAST_DAY, cursor=at, limit=_PAGE
            )
        )
        for subscription_id in everything:
            with self.storage.transaction() as repositories:
                held = repositories.subscriptions.get(subscription_id).value
                found = tuple(
                    each
                    for each in notices.due(held, policy=self.policy, on=on)
                    if repositories.events.under(_sent(each)) is None
                )
            yield from found

    def mark_sent(self, notice: Notice) -> bool:
        """Mark a notice as sent; return whether it was not marked before."""
        with self.storage.transaction() as repositories:
            if repositories.events.under(_sent(notice)) is not None:
                return False
            repositories.events.append((), key=_sent(notice))
        return True

    def replace_payment_method(
        self, method: PaymentMethod, *, on: date, actor: Actor | None = None
    ) -> tuple[Transition | Refusal, ...]:
        """
        Replace a payment method wherever it is used; it is found by its identifier.

        Every subscription that uses it gets it, each in a transaction of its own; those that are
        over refuse. Then the method is saved, unless the one who asks may manage none of them.

        Raises:
            InvalidValue: The method has no identifier.
            RevisionConflict: Somebody else saved first; run again to reach the rest.
        """
        checks.text("PaymentMethod.id", method.id)
        method_id = str(method.id)

        def act(each: Subscription) -> Transition | Refusal:
            return settings.replace_payment_method(
                each, by=method, policy=self.policy, on=on, actor=actor
            )

        users = list(
            self._pages(
                lambda found, at: found.subscriptions.paid_with(method_id, cursor=at, limit=_PAGE)
            )
        )
        answers = tuple(self._once(each, act, None) for each in users)
        refused = [each.decision.route for each in answers if isinstance(each, Refusal)]
        if len(refused) < len(answers) or Route.ASK_THE_MANAGER not in refused:
            with self.storage.transaction() as repositories:
                _save_method(repositories, method)
        return answers

    def check_out(
        self,
        purchase: Purchase,
        *,
        number: str,
        on: date,
        accepted: Money | None = None,
        actor: Actor | None = None,
        password: Secret | None = None,
        key: str | None = None,
    ) -> CheckOut | Refusal | tuple[CartChange, ...]:
        """
        Buy a purchase of a cart: renew its lines as they are stored now, and store the order.

        Args:
            purchase: One of `Cart.purchases`.
            number: The new order's number.
            on: The day of the act.
            accepted: The total that the customer agreed to, where it differs from the one quoted.
            actor: Who buys.
            password: The new order's password, if its page shall be opened by one.
            key: Makes a retry harmless.

        Raises:
            NotFound: A subscription is not there any more.
            NumberTaken: Another order has the number; give a new one.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
            InvalidValue: A line has no price.
            InvalidType: The password is plain text: wrap it in `Secret`.
        """
        if password is not None and type(password) is not Secret:
            password = None  # a traceback may show this frame's variables
            raise InvalidType("password", "...", "wrap it in Secret(...)")
        asked = answers.request(
            "check_out",
            key,
            purchase=answers.purchase_asked(purchase),
            number=number,
            accepted=accepted,
            actor=actor,
            has_password=password is not None,
        )
        hashed = None if password is None else self.hasher.hash(password)
        with self.storage.transaction() as repositories:
            return order_records.check_out_stored(
                repositories,
                purchase,
                number=number,
                policy=self.policy,
                on=on,
                accepted=accepted,
                actor=actor,
                password_hash=hashed,
                asked=asked,
                keeping=self._keeping,
            )

    def open_order(
        self,
        *,
        number: str,
        password: Secret | None,
        on: date,
        at: datetime,
        confirmed_number: str | None = None,
        region: str | None = None,
    ) -> Decision[OrderRoute]:
        """
        Decide whether number and password open an order, and count a failed try.

        Wrong number, wrong password and unknown order are one answer, and take one check of a
        password each (reading 19). A try with a password is counted before it is checked, as long
        as tries are left, and given back where it opens the page: of many at once no more than that
        are checked, and the others wait. What does not open the page has failed: also where the
        confirmed number is another one, and there the right password like a wrong one. So that
        having to wait does not tell that there is an order, tries at a number that nothing has are
        counted too, in a record without lines; see `purge_tries`. What cannot be a number is kept
        nowhere. Where others save the same order again and again, so that a try cannot be counted,
        it is not checked and has to wait.

        Lines that were renewed with another order since are that order's, and deleted ones are left
        out. A page that opens has a hash of an earlier cost made anew.

        Args:
            number: As it was typed or prefilled.
            password: As it was given; ``None`` where it is forgotten.
            on: The day, which chooses the edition's links.
            at: The instant, with a time zone, for the limit on tries.
            confirmed_number: The number in the confirmation message, where it is known.
            region: Chooses the page's link; without one of its own, those of all regions are given.
        """
        asked = order_pages.OpenAsked(
            number=number, password=password, confirmed_number=confirmed_number, region=region
        )
        del password  # a traceback may show this frame's variables
        return order_pages.open_stored(
            self.storage, asked, self.hasher, self.limit, policy=self.policy, on=on, at=at
        )

    def request_password_reset(self, number: str, *, at: datetime) -> Secret:
        """
        Return a token that sets a new password for an order, once, within `token_lasts`.

        Send it to the address that you hold for the order, and to no other; where you hold none,
        drop it. An unknown order gets a token as well, which resets nothing: answer the one who
        asked in the same words. Asked again, the token before is worth nothing any more. Storage
        keeps its hash only. How often somebody may ask is the application's to limit.

        Args:
            number: As it was typed or prefilled.
            at: The instant, with a time zone.

        Raises:
            InvalidValue: `tokens` returned a text of fewer than 22 characters.
            RevisionConflict: Others saved the same order again and again; ask again.
        """
        return order_pages.request_reset(
            self.storage, number, self.tokens, lasts=self.token_lasts, at=at
        )

    def reset_password(
        self, number: str, token: Secret, password: Secret, *, at: datetime
    ) -> ResetAnswer:
        """
        Set a new password for an order, with a token of `request_password_reset`.

        The token is used up by it, and failed tries are forgotten. An unknown order, a wrong token,
        one that was used and one that has expired are one and the same refusal; so is an order that
        never had a password, as it has no page.

        Args:
            number: As it was typed or prefilled.
            token: As it was given.
            password: The new one.
            at: The instant, with a time zone; it has to lie before the token's end.

        Raises:
            InvalidType: A token or a password is plain text: wrap it in `Secret`.
            RevisionConflict: Others saved the same order again and again; ask again.
        """
        asked = order_pages.ResetAsked(number=number, token=token, password=password)
        del token, password  # a traceback may show this frame's variables
        return order_pages.reset_stored(self.storage, asked, self.hasher, at=at)

    def purge_tries(self, *, at: datetime) -> int:
        """
        Delete what tries and resets at unknown numbers left behind and is of no use any more.

        Return how many records were deleted. Run it once a day, say.

        Raises:
            RevisionConflict: Somebody else saved first; ask again.
        """
        with self.storage.transaction() as repositories:
            return repositories.orders.purge_tries(self.limit.over_before(at))

    def switch_order(
        self,
        decision: Decision[OrderRoute],
        *,
        to: AutoRenew,
        on: date,
        key: str | None = None,
    ) -> OrderTransition | Refusal:
        """
        Switch automatic renewal of an order that was opened (clause `order.switch`).

        Args:
            decision: What `open_order` returned; it has to have opened the order.
            to: How the switch shall stand.
            on: The day of the act.
            key: Makes a retry harmless.

        Raises:
            OrderChanged: Lines were renewed with another order since; open it again.
            KeyTaken: The key stands for another request; use a new one.
            RevisionConflict: Somebody else saved first; ask again.
        """
        opened: Any = decision.subscription
        number = opened.number if type(opened) is Order else None
        asked = answers.request("switch_order", key, number=number, to=to)
        if decision.route is not OrderRoute.OPEN_ORDER or number is None:
            # Nothing was opened, so nothing is answered under the key.
            return Refusal(decision=decision)
        with self.storage.transaction() as repositories:
            return order_records.switch_stored(
                repositories,
                opened,
                to=to,
                policy=self.policy,
                on=on,
                asked=asked,
                keeping=self._keeping,
            )

    @property
    def _keeping(self) -> Keeping:
        return Keeping(clock=self.clock, outbox=self.outbox)

    def _once(self, subscription_id: str, act: _Act, asked: Request | None) -> Transition | Refusal:
        return self._once_at_a_price(subscription_id, lambda each, _: act(each), asked)

    def _once_at_a_price(
        self,
        subscription_id: str,
        act: Callable[[Subscription, PriceBook], Transition | Refusal],
        asked: Request | None,
    ) -> Transition | Refusal:
        with self.storage.transaction() as repositories:
            read, first = answers.read_first(repositories, (subscription_id,), asked, self.policy)
            if first is not None:
                told: Transition | Refusal = first
                return told
            (stored,) = read
            done = act(stored.value, repositories.prices)
            if isinstance(done, Transition):
                done = self._saved(repositories, stored, done)
                answers.keep(repositories, asked, done, done.events)
            else:
                answers.keep(repositories, asked, done)
        return done

    def _saved(
        self, repositories: Repositories, stored: Stored[Subscription], done: Transition
    ) -> Transition:
        """Save every subscription that the events tell of; new ones have no revision yet."""
        latest, events = {stored.value.id: stored}, []
        for event in done.events:
            held = latest.get(event.subscription_id)
            if event.before != (held.value if held else None):
                raise InvalidValue(
                    "act", str(event.what), "act on the subscription that it is given"
                )
            revision = repositories.subscriptions.save(
                event.after, revision=held.revision if held else None
            )
            latest[event.subscription_id] = Stored(value=event.after, revision=revision)
            events.append(self._keeping.stamped(event, revision))
        self._keeping.tell(repositories, tuple(events))
        return attrs.evolve(done, events=tuple(events))

    def _again(self, due: Due, act: _Act, asked: Request | None) -> Transition | Refusal:
        """Do it once, reading anew where somebody else saved first: the money is taken already."""
        for _ in range(_MOST_CONFLICTS):
            with suppress(RevisionConflict):
                return self._once(due.subscription.id, act, asked)
        return self._once(due.subscription.id, act, asked)

    def _read_due(self, subscription_id: str, on: date) -> Due | Refusal:
        with self.storage.transaction() as repositories:
            held = repositories.subscriptions.get(subscription_id).value
            return dues.renewal_due(held, policy=self.policy, prices=repositories.prices, on=on)

    def _due(self, on: date) -> Iterator[str]:
        checks.calendar_date("on", on)
        from_on = days_after(on, -longest_catch_up_days(self.policy))
        before_on = days_after(on, longest_lead_days(self.policy) + 1)
        return self._pages(
            lambda found, at: found.subscriptions.expiring(
                from_on, before_on, cursor=at, limit=_PAGE
            )
        )

    def _pages(self, read: Callable[[Repositories, str | None], Any]) -> Iterator[str]:
        cursor: str | None = None
        while True:
            with self.storage.transaction() as repositories:
                page = read(repositories, cursor)
            for each in page.items:
                yield each.value.id
            cursor = page.cursor
            if cursor is None:
                return


def _save_method(repositories: Repositories, method: PaymentMethod) -> None:
    try:
        held = repositories.payment_methods.get(str(method.id))
    except NotFound:
        repositories.payment_methods.save(method, revision=None)
        return
    if held.value != method:
        repositories.payment_methods.save(method, revision=held.revision)


def _recording(due: Due, receipt: Receipt) -> Request | None:
    """Return the request to record a payment; ``None`` where it is not what was due."""
    if receipt.key != due.key or due.amount not in (None, receipt.amount):
        return None
    key = checks.bounded(f"paid/{due.key}")
    return answers.request("record", key, subscription=due.subscription.id)


def _sent(notice: Notice) -> str:
    return checks.bounded(f"notice/{notice.key}")
