"""The FDA's NDC directory, two tab-separated files: drug names for lines that carry only a National Drug Code."""

from __future__ import annotations

from codecs import getincrementaldecoder
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from audit_lib.errors import USAGE, AuditError

_PRODUCT = {
    "PRODUCTNDC": "product_ndc",
    "PROPRIETARYNAME": "proprietary_name",
    "PROPRIETARYNAMESUFFIX": "name_suffix",
    "NONPROPRIETARYNAME": "nonproprietary_name",
}
_PACKAGE = {"PRODUCTNDC": "product_ndc", "NDCPACKAGECODE": "package_code"}
_OPTIONAL = {"PROPRIETARYNAMESUFFIX"}
_PACKAGE_FORM = "^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}$"
_CHUNK = 1 << 20


def load_ndc_directory(connection: duckdb.DuckDBPyConnection, files: tuple[Path, Path] | None) -> None:
    """Create `ndc_products` and `ndc_packages`, which `sql/staging/ndc_drug_names.sql` reads; empty without files.

    Raises AuditError (2) for a file that is missing or is not the directory's.
    """
    products, packages = read_ndc_directory(files)
    connection.from_arrow(products).create("ndc_products")
    connection.from_arrow(packages).create("ndc_packages")


def read_ndc_directory(files: tuple[Path, Path] | None) -> tuple[pa.Table, pa.Table]:
    """Return products and packages, empty without files. Raises AuditError (2) for a file that cannot be used."""
    product_file, package_file = files or (None, None)
    products, packages = _read(product_file, _PRODUCT), _read(package_file, _PACKAGE)
    if package_file and not _has_codes(packages["package_code"]):
        raise _refusal(package_file, "no value of NDCPACKAGECODE has the form 4-4-2, 5-3-2 or 5-4-1")
    return products, packages


def _has_codes(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, _PACKAGE_FORM)).as_py())


def _read(path: Path | None, columns: dict[str, str]) -> pa.Table:
    """Read the columns of one file as text under our names; those that may be absent are then null.

    One thread reads: only so does the reader say which line is broken.
    """
    if path is None:
        return pa.table({name: pa.array([], pa.string()) for name in columns.values()})
    try:
        encoding = _encoding(path)
        present = _header(path, encoding)
        missing = [name for name in columns if name not in present and name not in _OPTIONAL]
        if missing:
            raise _refusal(path, f"its first line does not name {', '.join(missing)}")
        table = csv.read_csv(
            path,
            csv.ReadOptions(encoding=encoding, use_threads=False),
            csv.ParseOptions(delimiter="\t", quote_char=False),
            csv.ConvertOptions(
                include_columns=list(columns),
                include_missing_columns=True,
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except OSError as error:
        raise _refusal(path, "it is missing or may not be read") from error
    except pa.ArrowInvalid as error:
        place = str(error).partition("Row #")[2].partition(":")[0]
        where = f"line {place} has more or fewer values than the first line" if place else "it is no such table"
        raise _refusal(path, where) from error
    return table.rename_columns(list(columns.values()))


def _encoding(path: Path) -> str:
    """Return utf-8 where the whole file is that, else latin-1, which the FDA writes."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _header(path: Path, encoding: str) -> list[str]:
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding) as file:
        return file.readline().rstrip("\r\n").split("\t")


def _refusal(path: Path, problem: str) -> AuditError:
    return AuditError(
        USAGE,
        f"The NDC directory file {path} cannot be used: {problem}. The setting ndc_directory names the FDA's "
        "product.txt, then its package.txt, both separated by tabs; unpack them anew from the FDA's archive, "
        "or leave the setting out.",
    )
