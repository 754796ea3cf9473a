"""Runs the notebooks over a finished run folder and turns each into one HTML file that needs no network."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audit_lib.errors import OUTPUT, AuditError
from audit_lib.reports.parameters import checked_parameters

_ROOM = Path(__file__).parent
_PACKAGE = _ROOM.parent
_TEMPLATE = _ROOM / "report_template"
_PLOTLY = "application/vnd.plotly.v1+json"
_AT_A_TIME = 2  # a kernel takes some hundred megabytes


def render_reports(
    run_folder: Path,
    notebooks: list[str],
    parameters: Mapping[str, Any] | None = None,
    target: Path | None = None,
) -> list[Path]:
    """Execute each notebook over the run, and return the HTML files written to `target` (default `<run>/reports`).

    Beside each stands the executed notebook, which runs again from there. A parameter goes to every notebook
    that has it. Raises AuditError (2) where parameters cannot be used, (14) where a notebook fails.
    """
    sources, values = checked_parameters(notebooks, dict(parameters or {}), run_folder)
    target = (target or run_folder / "reports").resolve()
    target.mkdir(mode=0o700, exist_ok=True)
    for source in sources:
        values[source]["run"] = os.path.relpath(run_folder.resolve(), target)
    with TemporaryDirectory(dir=target, prefix=".spill-") as spill, ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(pool.map(lambda source: _render(source, target, values[source], spill), sources))


def report_html(notebook: Any, title: str) -> str:
    """Turn an executed notebook into one HTML page: own styles, one plotly.js, nothing from elsewhere."""
    from nbconvert import HTMLExporter
    from plotly.offline import get_plotlyjs
    from traitlets.config import Config

    config = Config()
    config.NbConvertBase.display_data_priority = [_PLOTLY, "text/html", "image/png", "text/plain"]
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        config=config,
        extra_template_basedirs=[str(_ROOM)],
        template_name=_TEMPLATE.name,
        filters={"plotly_figure": _figure},
    )
    css = "\n".join([_table_library("css"), *(_text(name) for name in ("page.css", "blocks.css"))])
    resources = {"report_title": title, "report_css": css}
    page, _ = exporter.from_notebook_node(_with_code_beside_output(notebook), resources=resources)
    scripts = [_table_library("js")] if 'class="audit-table' in page else []
    scripts += [get_plotlyjs()] if 'class="audit-canvas"' in page else []
    scripts += [_text("page.js")]
    for mark, text in (
        ("@script-hashes@", " ".join(_hash(script) for script in scripts)),
        ("@contents@", _contents(page)),
        ("@scripts@", "\n".join(f"<script>{script}</script>" for script in scripts)),
    ):
        page = page.replace(mark, text, 1)
    return page


def _text(name: str) -> str:
    return (_TEMPLATE / name).read_text(encoding="utf-8")


@cache
def _table_library(kind: str) -> str:
    """Return DataTables: its styles, or its module as a plain script."""
    import itables

    text = (Path(itables.__file__).parent / "html" / f"dt_bundle.{kind}").read_text(encoding="utf-8")
    if kind == "css":
        return text
    body, exported = text.rsplit("export{", 1)
    names, rest = exported.split("}", 1)
    table = next(name.split(" as ")[0] for name in names.split(",") if name.endswith(" as default"))
    return f"(function () {{{body}window.AuditTable = {table};}})();{rest.lstrip(';')}".replace(
        "</script", "<\\/script"
    )


def _render(source: Path, target: Path, values: dict[str, Any], spill: str) -> Path:
    import nbformat

    executed = target / source.name
    _execute(source, executed, values, spill)
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    notebook.metadata["papermill"] |= {"input_path": source.name, "output_path": source.name}
    nbformat.write(notebook, executed)  # type: ignore[no-untyped-call]
    page = executed.with_suffix(".html")
    page.write_text(report_html(notebook, _title(notebook)), encoding="utf-8")
    for path in (executed, page):
        path.chmod(0o600)
    return page


def _execute(source: Path, executed: Path, values: dict[str, Any], spill: str) -> None:
    """Run papermill as its command does, in a process that ends with this one, in the folder of the notebook."""
    command = [sys.executable, "-m", "audit_lib.reports.notebook_process", str(source), str(executed)]
    command += ["--kernel", "python3"]
    command += ["--no-progress-bar", "--cwd", str(executed.parent), "--parameters_yaml", json.dumps(values)]
    its_end, our_end = os.pipe()
    try:
        environment = _environment() | {"TMPDIR": spill}
        result = subprocess.run(command, stdin=its_end, env=environment, capture_output=True, check=False)  # noqa: S603
    finally:
        os.close(our_end)
        os.close(its_end)
    if result.returncode:
        raise AuditError(
            OUTPUT,
            f"The notebook {source.name} could not be run: {_failure(executed)}. Look whether memory and room suffice; "
            "an audit with --no-reports leaves the notebooks out, and `infusion-audit notebook` runs one over a "
            "finished run.",
        )


def _environment() -> dict[str, str]:
    """Return an environment in which the kernel is this Python and finds this package, installed or not."""
    environment = os.environ | {"JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    if not (_PACKAGE / "_data").is_dir():
        paths = [str(_PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return environment


def _failure(executed: Path) -> str:
    """Say which cell failed and how, without the values that an error of the database may quote."""
    if not executed.is_file():
        return "papermill did not start"
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    for number, cell in enumerate(cells, 1):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                said = f": {output['evalue']}" if output["ename"] == "AuditError" else ""
                return f"cell {number} failed with {output['ename']}{said}"
    return "it ended before its last cell"


def _figure(drawing: Mapping[str, Any]) -> str:
    """Return a figure as HTML: title and legend as text that wraps, its data for the script of the page."""
    layout = dict(drawing["layout"])
    title = unescape(layout.pop("title", {}).get("text", ""))
    meta = layout.pop("meta", None) or {}
    layout |= {"showlegend": False, "margin": layout.get("margin", {}) | {"t": 12}}
    layout["height"] = layout.get("height", 450) - 64
    data = json.dumps({"data": drawing["data"], "layout": layout}).replace("<", "\\u003c")
    named = [trace for trace in drawing["data"] if trace.get("name") and trace.get("showlegend") is not False]
    legend = "".join(_legend_entry(trace) for trace in named)
    says = escape(f"{title}. {meta.get('alt', '')}".strip())
    copy = (
        f'<a class="audit-copy" download="{escape(meta["name"])}.csv" href="data:text/csv;base64,{meta["csv"]}">'
        f"Data as CSV{escape(meta.get('bound', ''))}</a>"
        if meta.get("csv")
        else ""
    )
    return (
        f'<figure class="audit-figure"><figcaption>{escape(title)}'
        f'<ul class="audit-legend">{legend}</ul></figcaption>'
        f'<div class="audit-canvas" role="img" aria-label="{says}"></div>'
        f'<script type="application/json">{data}</script>{copy}</figure>'
    )


def _with_code_beside_output(notebook: Any) -> Any:
    """Return a copy in which code without output stands in the next cell that has some."""
    copy, waiting = deepcopy(notebook), []
    copy.cells = []
    for cell in deepcopy(notebook.cells):
        if cell.cell_type == "code" and not any(_shows(output) for output in cell.outputs):
            waiting.append(cell.source)
            continue
        if cell.cell_type == "code":
            cell.source = "\n\n".join([*waiting, cell.source])
            waiting = []
        copy.cells.append(cell)
    return copy


def _shows(output: Any) -> bool:
    """Tell whether an output has anything to show; a block that another one speaks for is empty."""
    return bool(output.get("data", {}).get("text/html") != "")


def _legend_entry(trace: Mapping[str, Any]) -> str:
    marker, line = trace.get("marker", {}), trace.get("line", {})
    colour = marker.get("color", "#6b7680")
    edge = marker.get("line", {}).get("color", colour)
    style = f"background: {colour}; border-color: {colour if edge == '#fff' else edge}"
    if trace.get("mode") == "lines":
        dash = {"dot": "dotted", "dash": "dashed"}.get(line.get("dash"), "solid")
        style = f"height: 0; vertical-align: 4px; border: 0; border-top: 2px {dash} {line.get('color', colour)}"
    return f'<li><i style="{escape(style)}"></i>{escape(trace["name"])}</li>'


def _contents(page: str) -> str:
    headings = re.findall(r'<h2 id="([^"]+)">(.*?)<a class="anchor-link"', page, flags=re.DOTALL)
    return "<ol>" + "".join(f'<li><a href="#{link}">{text}</a></li>' for link, text in headings) + "</ol>"


def _title(notebook: Any) -> str:
    """Return the first heading of the notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:])
    return "Report"


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
