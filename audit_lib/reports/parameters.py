"""Parameters of notebooks, checked before anything runs; papermill itself would let a misspelt one pass."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from audit_lib.errors import AuditError
from audit_lib.names import with_nearest
from audit_lib.reports.filters import Filters, problems_of, refuse
from audit_lib.resources import folder

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def notebook_names() -> list[str]:
    """Return the notebooks that ship, in their order."""
    return sorted(path.stem for path in folder("notebooks").glob("*.ipynb"))


def checked_parameters(
    names: list[str], given: dict[str, Any], run: str | Path, problems: Iterable[str] = ()
) -> tuple[list[Path], dict[Path, dict[str, Any]]]:
    """Return the notebooks asked for, and the parameters of each: a parameter goes to every notebook that has it.

    Raises AuditError (2) naming at once whatever is wrong, `problems` found before among it: a run folder that is none,
    notebooks and parameters that do not exist, with the nearest name, values of a wrong type, an end before a start,
    and what the run does not have.
    """
    found = list(problems)
    sources = shipped_notebooks(names, found)
    accepted = {source: _declared(source) for source in sources or shipped_notebooks(notebook_names(), [])}
    known = {name: kind for kinds in accepted.values() for name, kind in kinds.items() if name != "run"}
    found += [
        _unknown(f"no notebook asked for has a parameter {name!r}", name, known) for name in given if name not in known
    ]
    typed = {name: _typed(given[name], known[name]) for name in sorted(given.keys() & known.keys())}
    found += [f"{name} must be {_KINDS[known[name]]}" for name, value in typed.items() if value is None]
    usable = {name: value for name, value in typed.items() if value is not None}
    refuse([*found, *problems_of(usable), *_unknown_to_run(usable, run)])
    return sources, {
        source: {name: value for name, value in typed.items() if name in accepted[source]} for source in sources
    }


def shipped_notebooks(names: Iterable[str], problems: list[str]) -> list[Path]:
    """Return the notebooks that ship under these names, with or without their ending.

    What is wrong with the other names goes to `problems`.
    """
    known, stems = notebook_names(), [name.removesuffix(".ipynb") for name in names]
    problems += [_unknown(f"There is no notebook {stem!r}", stem, known) for stem in stems if stem not in known]
    return [folder("notebooks") / f"{stem}.ipynb" for stem in stems if stem in known]


_KINDS = {"int": "a whole number", "bool": "true or false", "str": "text"}


def _unknown(problem: str, name: str, known: Iterable[str]) -> str:
    """Say the problem with the nearest name, or with all that there are where none is near."""
    said = with_nearest(problem, name, sorted(known))
    return said if said != problem else f"{problem}. Known are: {', '.join(sorted(known)) or 'none'}."


def _declared(source: Path) -> dict[str, str]:
    """Return the parameters that a notebook declares, with the names of their types."""
    from papermill import inspect_notebook

    return {name: str(about["inferred_type_name"]) for name, about in inspect_notebook(str(source)).items()}


def _typed(value: Any, kind: str) -> Any:
    """Return a value in its type, from a command's text too; None where it is of another."""
    if kind == "bool":
        return value if isinstance(value, bool) else _TRUTHS.get(str(value).lower())
    if kind == "int":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return int(value) if is_number or (isinstance(value, str) and value.isdigit()) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _unknown_to_run(values: dict[str, Any], run: str | Path) -> list[str]:
    """Return what is wrong with the run folder, else what the run does not have of what the parameters name."""
    from audit_lib.evidence.gathering import whole_id
    from audit_lib.run import Run

    try:
        opened = Run.open(run)
    except AuditError as error:
        return [error.message]
    rules = [rule["rule"] for rule in opened.manifest["rules"]]
    problems = Filters(rule=values.get("rule", "")).unknown_rules(rules)
    try:
        if values.get("finding"):
            whole_id(opened, values["finding"])
    except AuditError as error:
        problems.append(error.message)
    return problems
