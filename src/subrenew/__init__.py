"""
May this subscription be renewed, how, when, by whom, at what price - and why?

Immutable entities go in, explained decisions come out. No I/O, no clock: the day is always ``on``.
"""

from subrenew.clauses import CLAUSES, Clause, clause
from subrenew.errors import (
    CurrencyMismatch,
    InvalidType,
    InvalidValue,
    InvalidValues,
    NotFound,
    NotInForce,
    RevisionConflict,
    SubrenewError,
)
from subrenew.model.entities import (
    Account,
    Actor,
    AutoRenew,
    Channel,
    History,
    Kind,
    Mechanism,
    Order,
    PaymentKind,
    PaymentMethod,
    Role,
    Subscription,
)
from subrenew.model.money import Money, meets_floor, saving_rate
from subrenew.model.terms import Dated, Term, Unit, Window, local_day
from subrenew.policy.editions import Edition, Editions, Policy
from subrenew.policy.parameters import (
    Access,
    EarlyRenewal,
    LateStart,
    Listing,
    Product,
    ProductList,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    Way,
)
from subrenew.policy.prices import ListPrice, PriceBook, PriceList, RenewalRate
from subrenew.renewal.plans import (
    Attention,
    CurrencyTotal,
    PlanEntry,
    PlanLine,
    RenewalPlan,
    plan,
)
from subrenew.renewal.quotes import Quote, QuoteLine, order_quote, renewal_quote
from subrenew.rules import tables
from subrenew.rules.decisions import Action, Cell, Decision, Finding, Question
from subrenew.rules.discounts import Saving, renewal_discount
from subrenew.rules.exclusions import Eligibility, exclusions
from subrenew.rules.reductions import Reduction
from subrenew.rules.renewability import Route, renewability
from subrenew.rules.term_changes import TermRoute, term_change
from subrenew.rules.windows import late_window, renewal_window

__version__ = "0.1.0"

__all__ = [
    "CLAUSES",
    "Access",
    "Account",
    "Action",
    "Actor",
    "Attention",
    "AutoRenew",
    "Cell",
    "Channel",
    "Clause",
    "CurrencyMismatch",
    "CurrencyTotal",
    "Dated",
    "Decision",
    "EarlyRenewal",
    "Edition",
    "Editions",
    "Eligibility",
    "Finding",
    "History",
    "InvalidType",
    "InvalidValue",
    "InvalidValues",
    "Kind",
    "LateStart",
    "ListPrice",
    "Listing",
    "Mechanism",
    "Money",
    "NotFound",
    "NotInForce",
    "Order",
    "PaymentKind",
    "PaymentMethod",
    "PlanEntry",
    "PlanLine",
    "Policy",
    "PriceBook",
    "PriceList",
    "Product",
    "ProductList",
    "Question",
    "Quote",
    "QuoteLine",
    "Reduction",
    "RegionWays",
    "RenewalPlan",
    "RenewalPolicy",
    "RenewalRate",
    "RevisionConflict",
    "Role",
    "Route",
    "Saving",
    "Stage",
    "StageLength",
    "SubrenewError",
    "Subscription",
    "Term",
    "TermRoute",
    "Unit",
    "Way",
    "Window",
    "clause",
    "exclusions",
    "late_window",
    "local_day",
    "meets_floor",
    "order_quote",
    "plan",
    "renewability",
    "renewal_discount",
    "renewal_quote",
    "renewal_window",
    "saving_rate",
    "tables",
    "term_change",
]
