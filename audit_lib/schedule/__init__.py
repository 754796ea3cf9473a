"""Scheduled reports: a plan says which are due when; each is made once, told once, kept and delivered."""
