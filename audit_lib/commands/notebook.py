"""`infusion-audit notebook`: notebooks over a finished run, as HTML reports."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    notebook = commands.add_parser(
        "notebook",
        help="render notebooks over a finished run",
        description="Execute notebooks over a finished run and write each as one HTML file that needs no network. "
        "Without a name, list the notebooks.",
    )
    notebook.add_argument("names", nargs="*", metavar="NAME", help="notebooks, such as 02_rule_findings; or all")
    notebook.add_argument(
        "--run", default="", metavar="DIR", help="run folder (default: the newest under ./runs or ../runs)"
    )
    notebook.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter, such as rule=…; provider= takes the TIN; the NPI only where no TIN is billed",
    )
    notebook.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write (default: reports/RUN/TIME beside the run)"
    )
    notebook.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Render the notebooks and say where the reports are."""
    from audit_lib.commands import chosen_run
    from audit_lib.reports.parameters import checked_parameters, notebook_names
    from audit_lib.reports.render import render_reports
    from audit_lib.run import Run
    from audit_lib.run_folder import whole_or_absent

    if not options.names:
        print("\n".join(notebook_names()))
        return 0
    names = notebook_names() if options.names == ["all"] else options.names
    given, problems = _given(options.parameter)
    run_folder = chosen_run(options.run)
    checked_parameters(names, given, str(run_folder), problems)
    run = Run.open(run_folder)
    target = _target(options.out, run.folder)
    with whole_or_absent(target, "report") as partial:
        pages = render_reports(run.folder, names, given, partial)
    for page in pages:
        print(f"Report: {target / page.name}")
    return 0


def _given(texts: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the parameters, and what is wrong with how they are written."""
    wrong = [text for text in texts if "=" not in text]
    problems = [f"-p takes NAME=VALUE, not {text}; write, for example, -p outcome=review" for text in wrong]
    return {name.strip(): value for name, _, value in (text.partition("=") for text in texts if "=" in text)}, problems


def _target(out: Path | None, run_folder: Path) -> Path:
    """Return where the reports will stand: never in the run, which stays as it was written."""
    from datetime import UTC, datetime

    from audit_lib.commands import refuse_inside

    if out is None:
        return run_folder.parent / "reports" / run_folder.name / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    refuse_inside(out, run_folder)
    return out.resolve()
