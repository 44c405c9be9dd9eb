"""
One page: what a customer has, what may be done about it, and a button that renews.

Whoever names an account is believed: put a log-in before these two, and an `Actor` into the calls.
"""

from __future__ import annotations

import secrets
from datetime import date

import attrs
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from examples.webshop import seed
from subrenew import KeyTaken, Refusal, RevisionConflict, Subscription, renewability
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.words import wording

from .storage import DjangoStorage

STORAGE = DjangoStorage(prices=seed.prices())
DESK = Desk(storage=STORAGE, policy=autodesk.EDITIONS)
TEXTS = {
    "en": {
        "title": "Subscriptions",
        "renew": "Renew",
        "conflict": "This subscription has just been changed. Please look at it again.",
    },
    "fr": {
        "title": "Abonnements",
        "renew": "Renouveler",
        "conflict": "Cet abonnement vient d’être modifié. Veuillez le consulter à nouveau.",
    },
}


@attrs.frozen(kw_only=True)
class Line:
    """A subscription as the page shows it."""

    subscription: Subscription
    text: str
    can_renew: bool
    #: What was done to it just now.
    done: tuple[str, ...]
    #: Of this button on this page: pressed twice, it renews once.
    key: str


def _today() -> date:
    return settings.SHOP_DAY or timezone.localdate()


def _printable(text: str) -> str:
    """Return it; PostgreSQL cannot even be asked for text that holds a NUL."""
    if not text.isprintable():
        raise Http404
    return text


def _page(
    request: HttpRequest, account_id: str, *, told: str | None = None, status: int = 200
) -> HttpResponse:
    language = get_language() or "en"
    with STORAGE.transaction() as repositories:
        held = repositories.subscriptions.of_account(_printable(account_id))
        events = repositories.events.under(_printable(request.GET.get("done", ""))) or ()
    lines = []
    for each in held:
        decision = renewability(each, policy=DESK.policy, on=_today())
        happened = (event.what for event in events if event.subscription_id == each.id)
        line = Line(
            subscription=each,
            text=decision.explain(language),
            can_renew=decision.can_renew_now,
            done=tuple(wording.happening_text(what, language) for what in happened),
            key=secrets.token_urlsafe(),
        )
        lines.append(line)
    values = {"account_id": account_id, "lines": lines, "told": told, "t": TEXTS[language]}
    return render(request, "django_shop/subscriptions.html", values, status=status)


@require_GET
def subscriptions(request: HttpRequest, account_id: str) -> HttpResponse:
    """Show what an account has."""
    return _page(request, account_id)


@require_POST
def renew(request: HttpRequest, account_id: str) -> HttpResponse:
    """Renew the term that the page showed, once."""
    id, key = request.POST.get("id", ""), request.POST.get("key", "")
    with STORAGE.transaction() as repositories:
        held = repositories.subscriptions.of_account(_printable(account_id))
    if id not in {each.id for each in held}:
        raise Http404
    try:
        ends_on = date.fromisoformat(request.POST.get("term_ends_on", ""))
        done = DESK.renew(id, on=_today(), term_ends_on=ends_on, key=key)
    except RevisionConflict:
        told = TEXTS[get_language() or "en"]["conflict"]
        return _page(request, account_id, told=told, status=409)
    except (ValueError, KeyTaken) as error:  # the library's `InvalidValue` is a `ValueError`
        raise BadRequest("this form is not from our page") from error
    if isinstance(done, Refusal):
        return _page(request, account_id, told=done.explain(get_language() or "en"), status=409)
    return redirect(f"{reverse('subscriptions', args=[account_id])}?{urlencode({'done': key})}")
