"""Generated pages are up to date, and the README's links and columns are real."""

import re
from pathlib import Path

import pytest
import sqlglot
import yaml

from audit_lib.claims.layouts import contract_columns
from audit_lib.reference_pages import pages

ROOT = Path(__file__).parent.parent


def test_generated_pages_are_up_to_date() -> None:
    made = pages(ROOT / "tests" / "rules")
    stale = [name for name, text in made.items() if (ROOT / "docs" / name).read_text("utf-8") != text]
    assert stale == [], "run: python -m audit_lib.reference_pages docs"


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target, _, heading in re.findall(r"\]\(([^)#:]*)(#([^)]*))?\)", page.read_text("utf-8")):
            there = page.parent / target if target else page
            if not there.exists() or (heading and heading not in _headings(there)):
                broken.append(f"{page.name} -> {target}#{heading}")
    assert broken == []


def _headings(page: Path) -> set[str]:
    """Return the headings of a page as links name them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_the_architecture_names_every_fact() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert [p.stem for p in sorted((ROOT / "sql" / "facts").glob("*.sql")) if f"`{p.stem}`" not in page] == []


def test_the_architecture_describes_every_column_of_claim_lines() -> None:
    _, _, table = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("**`claim_lines`** (staging)")
    rows = re.findall(r"^\| ([^|]+) \|", table.partition("\n\n**")[0], re.MULTILINE)
    described = {name for row in rows[1:] for name in row.split(", ")}
    sql = (ROOT / "sql" / "staging" / "claim_lines.sql").read_text("utf-8")
    assert described == set(sqlglot.parse_one(sql, read="duckdb").named_selects)


def test_the_architecture_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = [path.parent for path in (ROOT / "audit_lib").glob("*/__init__.py")]
    folders = [path for path in (ROOT / "sql").iterdir() if path.is_dir()]
    assert len(packages) > 10 and len(folders) > 10
    assert [path.name for path in packages if f"`audit_lib/{path.name}/`" not in page] == []
    assert [path.name for path in folders if f"`sql/{path.name}/" not in page] == []


def test_the_architecture_names_every_module_that_is_in_no_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "audit_lib").glob("[a-z]*.py")}
    kinds = {word.removesuffix("*") for word in re.findall(r"`?audit_lib/(\w+\*)\.py`", page)}
    named = {module for module in modules if re.search(rf"\b{module}\b", page) or module.startswith(tuple(kinds))}
    assert len(named) > 20 and modules - named == set()


def test_the_readme_explains_every_column_of_the_findings() -> None:
    outputs = yaml.safe_load((ROOT / "sql" / "exposure" / "outputs.yml").read_text("utf-8"))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [c for c in outputs["findings"]["columns"] if f"| `{c}` |" not in readme] == []


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/operations.md", "docs/final_action.md"])
def test_tests_that_documents_name_are_there(page: str) -> None:
    named = set(re.findall(r"\btest_\w+\.py\b", (ROOT / page).read_text("utf-8")))
    assert len(named) > 5
    assert named - {path.name for path in (ROOT / "tests").rglob("test_*.py")} == set()


def test_every_column_of_claims_is_explained_once() -> None:
    """Numbered columns are explained by the first of them."""
    unexplained = {column.name for column in contract_columns() if not column.meaning}
    assert {re.sub(r"_\d+$", "", name) for name in unexplained} == {"hcpcs_modifier", "diagnosis_code"}
    assert not any(name.endswith("_1") for name in unexplained)
