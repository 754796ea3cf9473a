"""Retrospective audit of paid claims against an infusion payment policy."""
