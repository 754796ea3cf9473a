"""What test modules share stands in modules of its own: no test module is another's library."""

import re
from pathlib import Path


def test_nothing_is_imported_from_a_test_module() -> None:
    texts = {path.name: path.read_text("utf-8") for path in Path(__file__).parent.rglob("*.py")}
    pattern = r"(?:from|import) tests\.(?:\w+\.)*test_\w+"
    assert len(texts) > 100
    assert {name: found for name, text in texts.items() if (found := re.findall(pattern, text))} == {}
