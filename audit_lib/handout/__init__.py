"""What leaves the team: a hand-out per provider, its records request, and cases for a case-management tool."""
