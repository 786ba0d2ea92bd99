"""Measurements: ``python -m bench`` makes all of them (docs/benchmarks.md)."""
