"""Fixtures for all tests."""

from tests.kit.asterisk import asterisk_site

__all__ = ["asterisk_site"]
