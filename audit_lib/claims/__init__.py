"""Somebody's claims file → typed rows: layouts, sources, readers."""
