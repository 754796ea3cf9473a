"""What leaves the team: a hand-out per provider, and its records request."""
