"""Fixtures for all tests."""

from tests.kit.asterisk import asterisk_site
from tests.kit.chromium import browser, built_pages, profile

__all__ = ["asterisk_site", "browser", "built_pages", "profile"]
