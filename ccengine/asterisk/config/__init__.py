"""Asterisk's configuration, made from ``asterisk_conf/``, ``dialplan/`` and the site."""

from ccengine.asterisk.config.layout import AsteriskLayout
from ccengine.asterisk.config.render import TemplatesMissing, render
from ccengine.asterisk.config.write import write

__all__ = ["AsteriskLayout", "TemplatesMissing", "render", "write"]
