"""The rules once more, from their text alone: naive Python that shares nothing with the project's SQL or code lists.

It looks at one member's lines at a time, day by day, and is compared with the audit on random claims.
"""
