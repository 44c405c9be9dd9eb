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
    AtRenewal,
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
from subrenew.model.secret import PasswordHash, Secret
from subrenew.model.terms import Dated, Term, Unit, Window, local_day
from subrenew.policy.attempts import AttemptLimit, Attempts
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.editions import Edition, Editions, KeyedOn, Policy, Start
from subrenew.policy.laws.reach import Applies, Basis, Reach, Since
from subrenew.policy.laws.statutes import Law, Right
from subrenew.policy.notice_rules import (
    Anchor,
    Medium,
    Missed,
    NoticeCondition,
    NoticeRule,
    RenewsBy,
    Topic,
)
from subrenew.policy.offsets import Offset
from subrenew.policy.parameters import (
    Access,
    Citation,
    EarlyRenewal,
    GroupKey,
    LateStart,
    Listing,
    Product,
    ProductList,
    RegionLink,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    TrialEnd,
    Way,
)
from subrenew.policy.prices import ListPrice, PriceBook, PriceList, RenewalRate
from subrenew.policy.pricing import (
    Combine,
    ConsentRule,
    IncreaseLimit,
    LoyaltyTier,
    PriceSchedule,
    Silence,
    Stacking,
    YearlyIncrease,
)
from subrenew.policy.scopes import EVERYBODY, Bound, Scope, WindowRule
from subrenew.policy.stages import (
    BackPay,
    LadderStart,
    LateFee,
    LateTerms,
    Loyalty,
    StagePrice,
    StageRenewal,
)
from subrenew.renewal.carts import Cart, CartChange, Changed, CheckOut, Purchase, check_out
from subrenew.renewal.charges import Charge
from subrenew.renewal.compliance import Compliance, Standing, compliance, overlaid
from subrenew.renewal.events import Event, Happening, Verdict, replay
from subrenew.renewal.lifecycle import (
    CancelAt,
    cancel,
    lapse,
    renew,
    renew_automatically,
    renew_order,
    withdraw_cancellation,
)
from subrenew.renewal.notices import Notice, due, notices
from subrenew.renewal.plans import (
    Attention,
    CurrencyTotal,
    PlanEntry,
    PlanLine,
    RenewalPlan,
    plan,
)
from subrenew.renewal.purchases import buy_anew, convert_trial
from subrenew.renewal.quotes import Quote, QuoteLine, order_quote, renewal_quote
from subrenew.renewal.scenarios import LineChange, MoneyChange, PlanDiff, plan_diff
from subrenew.renewal.settings import (
    change_term,
    raise_condition,
    replace_payment_method,
    resolve_condition,
    switch_auto_renew,
    switch_order,
)
from subrenew.renewal.timelines import Piece, Timeline, timeline
from subrenew.renewal.transitions import OrderTransition, Refusal, Renewal, Transition
from subrenew.rules import tables
from subrenew.rules.decisions import Action, Decision, Finding
from subrenew.rules.discounts import Saving, renewal_discount
from subrenew.rules.exclusions import Eligibility, exclusions
from subrenew.rules.fact_types import Situation
from subrenew.rules.facts import Tries
from subrenew.rules.increases import IncreaseRoute, price_increase
from subrenew.rules.order_access import OrderRoute, normalised_number, order_access
from subrenew.rules.policy_diffs import ParameterChange, PolicyDiff, policy_diff
from subrenew.rules.questions import Cell, Question
from subrenew.rules.reductions import Reduction
from subrenew.rules.renewability import Route, renewability
from subrenew.rules.schedules import (
    Automatic,
    ByHand,
    Phase,
    PriceBasis,
    Schedule,
    State,
    Switch,
    late_window,
    renewal_window,
    schedule,
)
from subrenew.rules.switching import SwitchRoute, switching
from subrenew.rules.term_changes import TermRoute, term_change
from subrenew.words.amounts import parse_money

__version__ = "0.1.0"

__all__ = [
    "CLAUSES",
    "EVERYBODY",
    "Access",
    "Account",
    "Action",
    "Actor",
    "Anchor",
    "Applies",
    "AtRenewal",
    "AttemptLimit",
    "Attempts",
    "Attention",
    "AutoRenew",
    "Automatic",
    "BackPay",
    "Barred",
    "Basis",
    "Bound",
    "ByHand",
    "CancelAt",
    "Cart",
    "CartChange",
    "Cell",
    "Changed",
    "Channel",
    "Charge",
    "CheckOut",
    "Citation",
    "Clause",
    "Combine",
    "Compliance",
    "Condition",
    "ConsentRule",
    "CurrencyMismatch",
    "CurrencyTotal",
    "Dated",
    "Decision",
    "EarlyRenewal",
    "Edition",
    "Editions",
    "Eligibility",
    "Event",
    "Finding",
    "GroupKey",
    "Happening",
    "History",
    "IncreaseLimit",
    "IncreaseRoute",
    "InvalidType",
    "InvalidValue",
    "InvalidValues",
    "KeyedOn",
    "Kind",
    "LadderStart",
    "LateFee",
    "LateStart",
    "LateTerms",
    "Law",
    "LineChange",
    "ListPrice",
    "Listing",
    "Loyalty",
    "LoyaltyTier",
    "Mechanism",
    "Medium",
    "Missed",
    "Money",
    "MoneyChange",
    "NotFound",
    "NotInForce",
    "Notice",
    "NoticeCondition",
    "NoticeRule",
    "Offset",
    "Order",
    "OrderRoute",
    "OrderTransition",
    "ParameterChange",
    "PasswordHash",
    "PaymentKind",
    "PaymentMethod",
    "Phase",
    "Piece",
    "PlanDiff",
    "PlanEntry",
    "PlanLine",
    "Policy",
    "PolicyDiff",
    "PriceBasis",
    "PriceBook",
    "PriceList",
    "PriceSchedule",
    "Product",
    "ProductList",
    "Purchase",
    "Question",
    "Quote",
    "QuoteLine",
    "Reach",
    "Reduction",
    "Refusal",
    "RegionLink",
    "RegionWays",
    "Renewal",
    "RenewalPlan",
    "RenewalPolicy",
    "RenewalRate",
    "RenewsBy",
    "RevisionConflict",
    "Right",
    "Role",
    "Route",
    "Saving",
    "Schedule",
    "Scope",
    "Secret",
    "Silence",
    "Since",
    "Situation",
    "Stacking",
    "Stage",
    "StageLength",
    "StagePrice",
    "StageRenewal",
    "Standing",
    "Start",
    "State",
    "SubrenewError",
    "Subscription",
    "Switch",
    "SwitchRoute",
    "Term",
    "TermRoute",
    "Timeline",
    "Topic",
    "Transition",
    "TrialEnd",
    "Tries",
    "Unit",
    "Verdict",
    "Way",
    "Window",
    "WindowRule",
    "YearlyIncrease",
    "buy_anew",
    "cancel",
    "change_term",
    "check_out",
    "clause",
    "compliance",
    "convert_trial",
    "due",
    "exclusions",
    "lapse",
    "late_window",
    "local_day",
    "meets_floor",
    "normalised_number",
    "notices",
    "order_access",
    "order_quote",
    "overlaid",
    "parse_money",
    "plan",
    "plan_diff",
    "policy_diff",
    "price_increase",
    "raise_condition",
    "renew",
    "renew_automatically",
    "renew_order",
    "renewability",
    "renewal_discount",
    "renewal_quote",
    "renewal_window",
    "replace_payment_method",
    "replay",
    "resolve_condition",
    "saving_rate",
    "schedule",
    "switch_auto_renew",
    "switch_order",
    "switching",
    "tables",
    "term_change",
    "timeline",
    "withdraw_cancellation",
]
