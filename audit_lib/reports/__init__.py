"""A finished run → tables, figures, blocks of a page, HTML reports."""

from audit_lib.spared_imports import spare_iri_grammar

spare_iri_grammar()
