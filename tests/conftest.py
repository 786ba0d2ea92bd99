"""Fixtures for all tests."""

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
