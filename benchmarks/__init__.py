"""Benchmarks: claims of any size, and the audit against the floor and against what a user would write instead."""
