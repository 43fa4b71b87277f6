"""Benchmarks, run by hand (``python -m tests.benchmarks.work``): printed, never a test, because a test with a clock in it fails at random."""
