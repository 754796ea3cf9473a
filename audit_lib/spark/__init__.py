"""Steps on Spark: the same SQL files, translated; DuckDB reads the claims and writes the results."""
