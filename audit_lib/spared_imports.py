"""What libraries import without need of ours, and seconds of processor go into."""

import sys


def spare_iri_grammar() -> None:
    """Let jsonschema do without the grammar of RFC 3987, which no schema of notebooks or data quality asks for.

    papermill, nbformat, Plotly and Great Expectations import jsonschema, and jsonschema that grammar where it is
    installed, which is built there and then: that takes longer than all else that papermill imports. Without it
    jsonschema does not check the format `iri`. Nothing happens where jsonschema is imported already.
    """
    if "jsonschema" not in sys.modules:
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: it cannot be imported
