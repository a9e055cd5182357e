"""Tests of feeds.export."""
