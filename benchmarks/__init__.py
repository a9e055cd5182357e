"""Measurements: each prints ratios between things measured in one run. Run them as ``python -m benchmarks.NAME``."""
