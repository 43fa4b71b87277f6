"""Benchmarks, run by hand (``python -m tests.benchmarks.work``): printed, never a test, since a clock in a test fails at random."""
