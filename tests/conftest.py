"""Hypothesis profiles. Choose one by `SUBRENEW_PROFILE=release make test`."""

import os

from hypothesis import HealthCheck, Phase, settings

from subrenew import RenewalPolicy

settings.register_profile("default", max_examples=100, deadline=None)
# In CI every run draws the same examples, so that coverage is the same too.
settings.register_profile(
    "ci",
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
)
# Under coverage everything takes twice as long, and a quarter of the examples meets every branch.
settings.register_profile("cover", parent=settings.get_profile("ci"), max_examples=50)
# For mutation runs: few examples and no shrinking.
settings.register_profile(
    "mut",
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    stateful_step_count=10,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("release", max_examples=20_000, deadline=None)

settings.load_profile(
    os.environ.get("SUBRENEW_PROFILE")
    or ("ci" if os.environ.get("CI", "").lower() == "true" else "default")
)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case by what is the same in every run: two workers have to find the same cases."""
    if isinstance(val, RenewalPolicy):
        return val.id
    return "object" if type(val) is object else None
