"""The data-quality gate: what the claims hold, what of it may be believed, and which rules must do without.

`suites` reads `expectations/*.json`; `dialect` and `engine` let Great Expectations count inside DuckDB; `gate` decides
what a failure stops; `profiles` measures what real extracts do; `measures` puts it all into `quality.json`.
"""
