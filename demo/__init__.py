"""A contact centre that lives by itself: ``python -m demo``.

Starts the engine with its Asterisk on SQLite under ``.var/demo``, gives it example customers,
articles and accounts, and lets simulated agents and callers work on it, so that the pages show
life. One agent (1005) is left for whoever tries it out.
"""
