"""Fixtures for all tests."""

from hypothesis import HealthCheck, settings

from tests.kit.asterisk import asterisk_site
from tests.kit.chromium import browser, built_pages, profile
from tests.kit.side_by_side import (
    pytest_collection_modifyitems,
    pytest_runtest_setup,
    pytest_xdist_make_scheduler,
)

__all__ = [
    "asterisk_site",
    "browser",
    "built_pages",
    "profile",
    "pytest_collection_modifyitems",
    "pytest_runtest_setup",
    "pytest_xdist_make_scheduler",
]

# Both measure the machine, which other tests keep busy, and not what is tested.
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")
