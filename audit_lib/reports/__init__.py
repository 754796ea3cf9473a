"""A finished run → tables, figures, blocks of a page, HTML reports."""
