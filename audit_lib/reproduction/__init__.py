"""Reproduction: whether a finished run still follows from its claims, its rules and its settings."""
