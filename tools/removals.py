"""What to take away of each clause of the source, so that a test of its own has to fail."""

# One removal a line, however long: this is a table.
# ruff: noqa: E501

import attrs

AUTODESK, PARAMETERS = "policy/vendors/autodesk.py", "policy/parameters.py"
PRICES, MONEY = "policy/prices.py", "model/money.py"
SCHEDULES, FACTS, OUTCOMES = "rules/schedules.py", "rules/facts.py", "rules/outcomes.py"
RENEWABILITY, SWITCHING = "rules/renewability.py", "rules/switching.py"
EXCLUSIONS, DISCOUNTS = "rules/exclusions.py", "rules/discounts.py"
TERMS, ACCESS, DECISIONS = "rules/term_changes.py", "rules/order_access.py", "rules/decisions.py"
LIFECYCLE, SETTINGS = "renewal/lifecycle.py", "renewal/settings.py"
TRANSITIONS, PURCHASES = "renewal/transitions.py", "renewal/purchases.py"
QUOTES, CARTS = "renewal/quotes.py", "renewal/carts.py"
NOTICES, NOTICE_DAYS = "renewal/notices.py", "renewal/notice_days.py"
ORDERS, PAGES, DESK = "order_records.py", "order_pages.py", "desk.py"


@attrs.frozen
class Removal:
    """A clause's code or data, and what stands there without it."""

    #: The clause's identifier.
    clause: str
    #: What is taken away, or put in its place.
    what: str
    #: In which file of the package.
    file: str
    #: The text that carries the clause; it stands there exactly once.
    old: str
    #: The text without it.
    new: str = ""


#: In the order of the source.
# fmt: off
REMOVALS: tuple[Removal, ...] = (
    Removal("channel", "no channel is a partner's", PARAMETERS, "frozenset({Channel.PARTNER})", "frozenset()"),
    Removal("channel", "the route", RENEWABILITY, "case _ if facts.seller is Seller.PARTNER and not _renews_itself(facts):", "case _ if False:"),
    Removal("channel", "the finding", RENEWABILITY, "return not isinstance(facts, TrialFacts) and facts.seller is Seller.PARTNER", "return False"),
    Removal("channel", "renewed here all the same", RENEWABILITY, "MAY_NOT or facts.seller is Seller.PARTNER:", "MAY_NOT:"),
    Removal("channel", "the switch's route", SWITCHING, "        case SwitchFacts(seller=Seller.PARTNER):\n            return SwitchRoute.CONTACT_PARTNER\n"),
    Removal("channel", "whoever asks may manage it", TRANSITIONS, "facts.seller is Seller.VENDOR and "),
    Removal("channel", "the term's route", TERMS, "        case TermChangeFacts(seller=Seller.PARTNER):\n            return TermRoute.CONTACT_PARTNER\n"),
    Removal("channel", "nothing is the vendor's", PARAMETERS, "frozenset({Channel.PARTNER})", "frozenset(Channel)"),
    Removal("automatic-default", "the default", AUTODESK, "    auto_renew_default=AutoRenew.ON,\n"),
    Removal("automatic-default", "what is bought is off", PURCHASES, "default if method else", "AutoRenew.OFF if method else"),
    Removal("automatic-default", "on with nothing to charge", PURCHASES, "default if method else AutoRenew.OFF", "default"),
    Removal("manual-sometimes", "both ways for all", PARAMETERS, "default=EarlyRenewal.NOT_ALLOWED", "default=EarlyRenewal.ALLOWED"),
    Removal("manual-sometimes", "the route", RENEWABILITY, "Timing.OPEN_BY_HAND_ONLY: Route.RENEW_NOW", "Timing.OPEN_BY_HAND_ONLY: Route.WAIT_FOR_WINDOW"),
    Removal("manual-sometimes", "never manually", RENEWABILITY, "is Timing.OPEN or not _renews_itself(facts)", "is Timing.OPEN"),
    Removal("managed", "the contract manager", AUTODESK, "{Role.CONTRACT_MANAGER, ", "{"),
    Removal("managed", "the purchaser", AUTODESK, "Role.PURCHASER, Role.PRIMARY_ADMIN", "Role.PRIMARY_ADMIN"),
    Removal("managed", "the primary administrator", AUTODESK, ", Role.PRIMARY_ADMIN"),
    Removal("managed", "anybody may", FACTS, "_MAY_NOT if roles.isdisjoint", "_MAY if roles.isdisjoint"),
    Removal("managed", "managed like others", PARAMETERS, "self.managed_roles if managed else self.unmanaged_roles", "self.unmanaged_roles"),
    Removal("managed", "the route", RENEWABILITY, "case LiveFacts(asker=Asker.MAY_NOT) | LateFacts(asker=Asker.MAY_NOT):", "case _ if False:"),
    Removal("managed", "the finding", RENEWABILITY, "return _asked_by(facts, Asker.MAY_NOT)", "return False"),
    Removal("managed", "the switch's route", SWITCHING, "        case SwitchFacts(asker=Asker.MAY_NOT):\n            return SwitchRoute.ASK_THE_MANAGER\n"),
    Removal("managed", "anybody cancels", TRANSITIONS, " and facts.asker is not Asker.MAY_NOT"),
    Removal("managed", "the message's recipients", NOTICE_DAYS, "edition.roles(managed=managed) or frozenset()", "frozenset()"),
    Removal("renewal-price", "the price", QUOTES, "list_price.less(discount.asked.rate)\n", "list_price\n"),
    Removal("renewal-price", "the saving", DISCOUNTS, "return cell, edition.saving_floor_rate or _ZERO", "return cell, _ZERO"),
    Removal("renewal-price", "the end of it", EXCLUSIONS, "case ExclusionFacts(coverage=Coverage.TRIAL | Coverage.ENDED):", "case _ if False:"),
    Removal("renewal-price", "the finding", DISCOUNTS, "return facts.eligibility is Eligibility.NOT_A_RENEWAL", "return False"),
    Removal("renewal-price.monthly", "the limit", AUTODESK, "    price_excluded_up_to=Term.months(1),\n"),
    Removal("renewal-price.monthly", "the exclusion", EXCLUSIONS, "            | ExclusionFacts(length=Length.SHORT)\n"),
    Removal("trial", "the field", AUTODESK, "    trials=TrialEnd.ENDS,\n"),
    Removal("trial", "trials go on", AUTODESK, "trials=TrialEnd.ENDS", "trials=TrialEnd.GOES_ON"),
    Removal("trial", "a trial is a subscription", SCHEDULES, "        return _of_a_trial(subscription, edition, day)\n", "        pass\n"),
    Removal("trial", "the route", RENEWABILITY, "return Route.CONVERT_TRIAL\n        case EndedFacts", "return Route.BUY_NEW\n        case EndedFacts"),
    Removal("trial", "the finding", RENEWABILITY, "return isinstance(facts, TrialFacts) and facts.after is TrialAfter.ENDS", "return False"),
    Removal("trial", "the conversion", PURCHASES, "if not isinstance(decision.facts, TrialFacts | ContinuingFacts):", "if True:"),
    Removal("trial", "the trial's end with it", PURCHASES, "if on < trial.ends_on:", "if False:"),
    Removal("trial", "the mark of a conversion", PURCHASES, "history=attrs.evolve(trial.history, converted_on=on)", "history=trial.history"),
    Removal("expired", "the route", RENEWABILITY, "            return Route.BUY_NEW\n        case PendingFacts(asker", "            return Route.RENEW_NOW\n        case PendingFacts(asker"),
    Removal("expired", "the finding", RENEWABILITY, "return facts.end is End.EXPIRED", "return False"),
    Removal("expired", "the loss of access", SCHEDULES, "Situation.ENDED, ByHand.OVER, Automatic.PAST, Switch.CLOSED, Access.NONE", "Situation.ENDED, ByHand.OVER, Automatic.PAST, Switch.CLOSED, Access.FULL"),
    Removal("expired", "a purchase brings it back", PURCHASES, "        starts_on=on,\n", "        starts_on=old.starts_on,\n"),
    Removal("expired", "recorded and left on", LIFECYCLE, "attrs.evolve(subscription, auto_renew=AutoRenew.OFF, next_term", "attrs.evolve(subscription, next_term"),
    Removal("expired", "switched after the end", SWITCHING, "Situation.TRIAL | Situation.ENDED", "Situation.TRIAL"),
    Removal("expired", "another term after the end", TERMS, "        case TermChangeFacts(situation=Situation.ENDED):\n            return TermRoute.BUY_NEW\n"),
    Removal("term-change", "the regions", AUTODESK, "    term_change_ways=TERM_CHANGE_WAYS,\n"),
    Removal("term-change", "one region", AUTODESK, '        "FR",\n'),
    Removal("term-change", "the account's way", TERMS, "return TermRoute.CHANGE_IN_ACCOUNT", "return TermRoute.UNKNOWN"),
    Removal("term-change", "support's way", TERMS, "return TermRoute.ASK_SUPPORT", "return TermRoute.UNKNOWN"),
    Removal("term-change", "support's help", SETTINGS, "not helped", "True"),
    Removal("term-change", "unknown is no", PARAMETERS, "Way.NEITHER if named else Way.UNKNOWN", "Way.NEITHER"),
    Removal("term-change", "the finding", TERMS, "return facts.way is Way.UNKNOWN\n\n\n", "return False\n\n\n"),
    Removal("term-change", "the change", OUTCOMES, "attrs.evolve(subscription, next_term=term, at_renewal", "attrs.evolve(subscription, at_renewal"),
    Removal("term-change", "the next renewal's term", PARAMETERS, "return subscription.next_term or self.renews_to", "return self.renews_to"),
    Removal("term-change", "nothing to change", TERMS, "        case TermChangeFacts(change=Change.SAME):\n            return TermRoute.NOTHING_TO_CHANGE\n"),
    Removal("term-change.otherwise", "the route", TERMS, "return TermRoute.LET_EXPIRE", "return TermRoute.UNKNOWN"),
    Removal("term-change.otherwise", "expiry first", TERMS, '("buy-new", Moment.OVER, Moment.ANY)', '("buy-new", Moment.ANY, Moment.ANY)'),
    Removal("term-change.otherwise", "the finding", TERMS, "return facts.way is Way.NEITHER", "return False"),
    Removal("term-change.otherwise", "no is unknown", PARAMETERS, "Way.NEITHER if named else Way.UNKNOWN", "Way.UNKNOWN"),
    Removal("term-change.otherwise", "the other term", PURCHASES, "    fields |= changes\n"),
    Removal("automatic", "the switch, as it is told", RENEWABILITY, "return facts.auto_renew is AutoRenew.ON and facts.payment in (", "return facts.payment in ("),
    Removal("automatic", "the switch, for the run", SCHEDULES, "if then.auto_renew is _OFF or ", "if "),
    Removal("automatic", "the card's validity", SCHEDULES, "return _LAPSED if through is not None and through < renewal_on else _CHARGEABLE", "return _CHARGEABLE"),
    Removal("automatic", "the renewal date", SCHEDULES, "through < renewal_on", "through < renewal_on - _ONE_DAY"),
    Removal("automatic", "nothing on file is enough", SCHEDULES, "        return _MISSING\n", "        return _CHARGEABLE\n"),
    Removal("automatic", "the card on the day of the run", SCHEDULES, "    if through is not None and through < until_on:\n        until_on = through + _ONE_DAY\n", ""),
    Removal("automatic", "the finding: lapsed", RENEWABILITY, "return _is_on_and(facts, Payment.LAPSED)\n", "return False\n"),
    Removal("automatic", "both together", RENEWABILITY, "    return isinstance(facts, LiveFacts | ContinuingFacts) and _collects(facts)\n", "    return False\n"),
    Removal("automatic.review", "the review", RENEWABILITY, '            _step("review-payment", closes=Moment.LAST_DAY),\n'),
    Removal("automatic.review", "the repair", RENEWABILITY, "return Route.REPAIR_PAYMENT", "return Route.WAIT_FOR_WINDOW"),
    Removal("automatic.review", "the replacement", OUTCOMES, "        payment_method=method,\n        at_renewal=kept", "        at_renewal=kept"),
    Removal("automatic.review", "the finding", RENEWABILITY, "facts.payment is Payment.INVOICED and _renews_itself(facts)", "False"),
    Removal("automatic.review", "reviewed after the end", SETTINGS, "    if not may_manage(decision):\n        return Refusal(decision=decision)\n    after = outcomes.paid_with", "    after = outcomes.paid_with"),
    Removal("automatic.switch-on", "the switch", OUTCOMES, "        auto_renew=to,\n"),
    Removal("automatic.switch-on", "the scheduled date", LIFECYCLE, "    if not isinstance(facts, PendingFacts) or facts.collection is Collection.FAILED:\n        return Refusal(decision=decision)\n", ""),
    Removal("automatic.switch-on", "the days after it", AUTODESK, "    catch_up_days=7,\n"),
    Removal("automatic.switch-on", "the term from that date", OUTCOMES, "after = _with_next_term(then, edition, renewal_on - _ONE_DAY)", "after = then"),
    Removal("automatic.switch-on", "the finding: off", RENEWABILITY, "return isinstance(facts, HeldFacts) and facts.auto_renew is AutoRenew.OFF", "return False"),
    Removal("automatic.switch-on", "the finding: pending", RENEWABILITY, "return isinstance(facts, PendingFacts) and facts.collection", "return False and facts.collection"),
    Removal("automatic.switch-on", "the action", RENEWABILITY, 'return (_step("switch-on", closes=Moment.LAST_SWITCH_DAY), withdrawal)', "return (withdrawal,)"),
    Removal("automatic.switch-on", "the switch's route", SWITCHING, "return SwitchRoute.SWITCH\n", "return SwitchRoute.TOO_LATE\n"),
    Removal("order", "the place", DECISIONS, '"channel", _ORDER)', '"none", _ORDER)'),
    Removal("order", "the route", ACCESS, "return OrderRoute.OPEN_ORDER", "return OrderRoute.TRY_AGAIN"),
    Removal("order", "the action", ACCESS, '(("manage-order", OrderRoute.OPEN_ORDER),)', "()"),
    Removal("order", "the order on the page", ACCESS, "order if cell.route is OrderRoute.OPEN_ORDER else None", "None"),
    Removal("order", "the open page first", DESK, "if decision.route is not OrderRoute.OPEN_ORDER or number is None:", "if False:"),
    Removal("order.unlock", "the password, in the rule", ACCESS, "proved = agrees and same and verified is True and", "proved = agrees and same and"),
    Removal("order.unlock", "the password, in storage", PAGES, "right = hasher.verify(password, claim.password_hash) is True", "right = True"),
    Removal("order.unlock", "the number", ACCESS, "agrees and same and verified", "agrees and verified"),
    Removal("order.unlock", "the finding", ACCESS, "return facts.proof is Proof.MISSING and facts.password is Password.GIVEN and agrees", "return False"),
    Removal("order.unlock", "the count of failures", PAGES, "        _save(repositories, attrs.evolve(record, attempts=attempts), held)\n"),
    Removal("order.unlock", "the end of trying", ACCESS, "return OrderRoute.WAIT", "return OrderRoute.TRY_AGAIN"),
    Removal("order.unlock", "one number in any writing", ACCESS, "number = number.upper()", "pass"),
    Removal("order.prefilled", "the comparison", ACCESS, "agrees = confirmed is None or typed == confirmed", "agrees = True"),
    Removal("order.prefilled", "the confirmed number", PAGES, "confirmed_number=asked.confirmed_number,", "confirmed_number=None,"),
    Removal("order.prefilled", "the route", ACCESS, "return OrderRoute.CHECK_NUMBER", "return OrderRoute.TRY_AGAIN"),
    Removal("order.prefilled", "the finding", ACCESS, "return facts.prefilled is Prefilled.DIFFERS", "return False"),
    Removal("order.prefilled", "the password still tells", ACCESS, "proved = agrees and", "proved ="),
    Removal("order.prefilled", "compared as it is printed", ACCESS, "else normalised_number(confirmed_number)", "else confirmed_number"),
    Removal("order.prefilled", "the number to copy", ACCESS, '            ("copy-number", OrderRoute.OPEN_ORDER),\n'),
    Removal("order.forgotten", "the link", ACCESS, "reset_link=policy.order_reset_link", "reset_link=None"),
    Removal("order.forgotten", "the route", ACCESS, "        case OrderAccessFacts(password=Password.FORGOTTEN):\n            return OrderRoute.RESET_PASSWORD\n"),
    Removal("order.forgotten", "the finding", ACCESS, "return facts.password is Password.FORGOTTEN", "return False"),
    Removal("order.forgotten", "the way to it after a failure", ACCESS, '            ("reset-password", OrderRoute.RESET_PASSWORD),\n'),
    Removal("order.forgotten", "counted as a failure", PAGES, "    if asked.password is None:\n", "    if False:\n"),
    Removal("order.switch", "every line", SETTINGS, "            lines.append(done.subscription)\n            events += done.events\n            continue\n", "            lines.append(line)\n            continue\n"),
    Removal("order.switch", "the storage", ORDERS, "done = attrs.evolve(done, events=_saved(repositories, done.events, stored, keeping))\n    answers", "answers"),
    Removal("order.switch", "the action", RENEWABILITY, '            _step("switch-off", closes=Moment.LAST_SWITCH_DAY),\n'),
    Removal("order.switch", "off by a cancellation", OUTCOMES, "cancelled_on=ends_on, auto_renew=AutoRenew.OFF, next", "cancelled_on=None, next"),
    Removal("order.switch", "too late", SWITCHING, "return SwitchRoute.TOO_LATE", "return SwitchRoute.SWITCH"),
    Removal("order.links", "the region's link", ACCESS, "page_link=policy.order_link(region)", "page_link=None"),
    Removal("order.links", "the links of all", ACCESS, "page_links=policy.order_links", "page_links=()"),
    Removal("order.links", "the region asked for", PAGES, "        region=asked.region,\n"),
    Removal("order.links", "the finding", ACCESS, "return facts.proof is Proof.MISSING\n\n\n", "return False\n\n\n"),
    Removal("order.links", "only where it is needed", ACCESS, "return facts.proof is Proof.MISSING\n\n\n", "return True\n\n\n"),
    Removal("manual", "Alipay", AUTODESK, "PaymentKind.ALIPAY, "),
    Removal("manual", "Konbini", AUTODESK, "PaymentKind.KONBINI, PaymentKind.WIRE_TRANSFER", "PaymentKind.WIRE_TRANSFER"),
    Removal("manual", "the wire transfer", AUTODESK, ", PaymentKind.WIRE_TRANSFER"),
    Removal("manual", "all named kinds", SCHEDULES, " or method.kind in edition.manual_payment_kinds"),
    Removal("manual", "only examples are named", SCHEDULES, "mechanism is _PUSH or "),
    Removal("manual", "the finding", RENEWABILITY, "return isinstance(facts, HeldFacts) and facts.payment is Payment.PUSHED", "return False"),
    Removal("manual", "the renewal", LIFECYCLE, "after = outcomes.renewed(subscription, decision.edition, on)", "after = subscription"),
    Removal("manual", "the order as a unit", LIFECYCLE, "        else:\n            return done\n", "        else:\n            lines.append(line)\n"),
    Removal("manual.window", "the 90 days", AUTODESK, "    window_opens_days=90,\n"),
    Removal("manual.window", "91 days", AUTODESK, "window_opens_days=90", "window_opens_days=91"),
    Removal("manual.window", "89 days", AUTODESK, "window_opens_days=90", "window_opens_days=89"),
    Removal("manual.window", "the route", RENEWABILITY, "Timing.EARLY: Route.WAIT_FOR_WINDOW", "Timing.EARLY: Route.RENEW_NOW"),
    Removal("manual.window", "renewed at any time", RENEWABILITY, "    if facts.timing is Timing.EARLY:\n        return False\n"),
    Removal("manual.window", "the finding", RENEWABILITY, "isinstance(facts, LiveFacts) and facts.timing is Timing.EARLY and", "False and"),
    Removal("manual.notice", "the message", AUTODESK, "    notices=(YOU_CAN_RENEW_NOW,),\n"),
    Removal("manual.notice", "only where it is possible", AUTODESK, "    condition=NoticeCondition(renews=RenewsBy.HAND),\n"),
    Removal("manual.notice", "its day", AUTODESK, "    earliest=Offset(),\n", "    earliest=None,\n"),
    Removal("manual.notice", "sent again and again", NOTICES, " if notice.key not in sent)", ")"),
    Removal("manual.cart", "only renewals go in", CARTS, "        if not decision.can_renew_now:\n            return Refusal", "        if False:\n            return Refusal"),
    Removal("manual.cart", "the review of the price", CARTS, "        (Changed.PRICE, line.total, fresh.total),\n"),
    Removal("manual.cart", "bought unreviewed", CARTS, "if (changes and accepted is None) or accepted not in (None, quote.total):", "if False:"),
    Removal("manual.cart", "the refusal at the check-out", CARTS, "            return done\n", "            continue\n"),
    Removal("manual.cart", "the groups", PARAMETERS, "default=frozenset(GroupKey)", "default=frozenset()"),
    Removal("manual.cart", "the renewed lines", CARTS, "attrs.evolve(done.subscription, order_number=number)", "line.subscription"),
    Removal("manual.deadline", "no day between", SCHEDULES, "    starts_on = old_end\n", "    starts_on = on\n"),
    Removal("manual.deadline", "the loss of access", SCHEDULES, "Situation.ENDED, ByHand.OVER, Automatic.PAST, Switch.CLOSED, Access.NONE", "Situation.ENDED, ByHand.OVER, Automatic.PAST, Switch.CLOSED, Access.FULL"),
    Removal("manual.deadline", "the loss of the price", EXCLUSIONS, "case ExclusionFacts(coverage=Coverage.TRIAL | Coverage.ENDED):", "case _ if False:"),
    Removal("manual.deadline", "the loss when late", EXCLUSIONS, "            ExclusionFacts(coverage=Coverage.LATE)\n            | ", "            "),
    Removal("manual.deadline", "the finding", EXCLUSIONS, "return facts.coverage is Coverage.LATE", "return False"),
    Removal("manual.deadline", "the event's clause", LIFECYCLE, "clauses.EXPIRED if late else clauses.MANUAL_DEADLINE", "clauses.EXPIRED"),
    Removal("manual.deadline", "the action's last day", RENEWABILITY, "        return held_until(subscription, edition) - _ONE_DAY\n    if moment is _OPENS_ON", "        return held_until(subscription, edition)\n    if moment is _OPENS_ON"),
    Removal("saving.floor", "the 5 %", AUTODESK, '    saving_floor_rate=Decimal("0.05"),\n'),
    Removal("saving.floor", "4 %", AUTODESK, 'Decimal("0.05")', 'Decimal("0.04")'),
    Removal("saving.floor", "rounded up", MONEY, "self.micros * kept // (whole * unit) * unit", "-(-self.micros * kept // (whole * unit)) * unit"),
    Removal("saving.floor", "a smaller rate is taken", DISCOUNTS, "if floor_rate is not None and rate < floor_rate:", "if False:"),
    Removal("saving.floor", "the finding", DISCOUNTS, "return _applies(facts) and facts.offer is Offer.FLOOR", "return False"),
    Removal("saving.floor", "the route", DISCOUNTS, "return Saving.FLOOR_RATE", "return Saving.NO_SAVING"),
    Removal("saving.base", "of the list price", QUOTES, "list_price.less(discount.asked.rate)\n", "Money(100, list_price.currency).less(discount.asked.rate)\n"),
    Removal("saving.base", "the product's rate", PRICES, "for product in (product_key(subscription.product), None):", "for product in (None,):"),
    Removal("saving.base", "the country's rate", PRICES, "for place in (subscription.country, None):", "for place in (None,):"),
    Removal("saving.base", "the customer's rate", PRICES, "for who in (customer, None):", "for who in (None,):"),
    Removal("saving.base", "the country's price", PRICES, "for country in (subscription.country, None):", "for country in (None,):"),
    Removal("saving.base", "the finding: excluded", DISCOUNTS, "return facts.eligibility is Eligibility.EXCLUDED", "return False"),
    Removal("saving.base", "whose product it is", PRICES, "for product in (product_key(subscription.product), None):", "for product in rates:"),
    Removal("saving.base", "the finding: no price", QUOTES, "            found.append(_missing(self.discount))\n", "            pass\n"),
    Removal("saving.revisable", "the day of the rate", DISCOUNTS, "prices.renewal_rate(subscription, on=on)", "prices.renewal_rate(subscription, on=subscription.starts_on)"),
    Removal("saving.revisable", "the day of the price", QUOTES, "prices.list_price(bought, on=on)", "prices.list_price(bought, on=subscription.starts_on)"),
    Removal("saving.revisable", "the day of the charge", QUOTES, "    renewal_on = subscription.expires_on\n    if subscription.auto_renew is _OFF and", "    return on\n    if subscription.auto_renew is _OFF and"),
    Removal("saving.revisable", "a rate of one's own", DISCOUNTS, "        case DiscountFacts(offer=Offer.OWN_RATE):\n            return Saving.OWN_RATE\n"),
    Removal("saving.revisable", "the finding", DISCOUNTS, "return _applies(facts) and facts.offer is Offer.OWN_RATE", "return False"),
    Removal("saving.revisable", "the day of the change", DISCOUNTS, "if isinstance(prices, PriceList):", "if False:"),
    Removal("excluded.reductions", "both add up", PARAMETERS, "default=Stacking.NONE", "default=Stacking.ALL"),
    Removal("excluded.reductions", "the exclusion", EXCLUSIONS, "            | ExclusionFacts(reductions=Reductions.PRESENT)\n"),
    Removal("excluded.reductions", "the finding", EXCLUSIONS, "return facts.reductions is Reductions.PRESENT", "return False"),
    Removal("excluded.reductions", "the reduction", QUOTES, "price = reduced(price, reductions)", "pass"),
    Removal("excluded.reductions", "the comparison", QUOTES, "            found.append(_compared(self, self.list_price))\n", "            pass\n"),
    Removal("excluded.monthly", "the limit", AUTODESK, "    price_excluded_up_to=Term.months(1),\n"),
    Removal("excluded.monthly", "the exclusion", EXCLUSIONS, "            | ExclusionFacts(length=Length.SHORT)\n"),
    Removal("excluded.monthly", "the finding", EXCLUSIONS, "return facts.length is Length.SHORT", "return False"),
    Removal("excluded.monthly", "the term that is renewed", FACTS, "edition.renewal_term(subscription).longest_days <=", "subscription.term.longest_days <="),
    Removal("excluded.products", "the list", AUTODESK, "    excluded_products=EXCLUDED_PRODUCTS,\n"),
    Removal("excluded.products", "the open end", AUTODESK, "    product_list=ProductList.OPEN,\n"),
    Removal("excluded.products", "the other names", AUTODESK, "aliases=frozenset(aliases)", "aliases=frozenset()"),
    Removal("excluded.products", "the exclusion", EXCLUSIONS, "            | ExclusionFacts(listing=Listing.EXCLUDED)\n"),
    Removal("excluded.products", "the finding", EXCLUSIONS, "return facts.listing is Listing.EXCLUDED", "return False"),
    Removal("excluded.products", "the finding: not listed", EXCLUSIONS, "return facts.listing is Listing.UNLISTED", "return False"),
    *(
        Removal("excluded.products", f"the name {name}", AUTODESK, f'_product("{name}"', '_product("none"')
        for name in (
            "Arnold", "Assemble", "AutoCAD Inventor LT Suite", "AutoCAD LT with CALS Tools", "AutoCAD Web",
            "Build", "Fusion 360 with EAGLE Standard", "Flow Production Tracking", "Takeoff",
        )
    ),
)
# fmt: on
