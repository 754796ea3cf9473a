"""A session of Spark: local, of a cluster, or remote through Spark Connect; quiet, and with nothing left behind."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from audit_lib.errors import USAGE, AuditError
from audit_lib.settings import Settings, query_memory
from audit_lib.stopping import is_stopping

# They would write each error with its message, which may quote a row.
_LOGS_OF_ERRORS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
# The same answers wherever Spark runs: an overflow or a bad cast is an error, a day is a day, a backslash is written
# as two, names are the same in any case.
_OF_ANSWERS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.caseSensitive": "false",
}
_OF_EVERY_DRIVER = {
    "spark.app.name": "infusion-audit",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
}
# A hundred short steps: Java's second compiler would cost more than it saves.
_OF_THIS_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC",
}


def check_installed(master: str) -> None:
    """Refuse to go on without PySpark, what it needs, and Java where Spark runs here. Raises AuditError (2)."""
    missing = [name for name in ("pyspark", "grpc", "grpc_status", "google.rpc", "zstandard") if not _is_there(name)]
    if missing:
        raise AuditError(
            USAGE,
            f"--engine spark needs packages that are not installed ({', '.join(missing)}). Install the extra: "
            "python -m pip install 'infusion-audit[spark]', or run with --engine duckdb.",
        )
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else "java"
    if not _server_of(master) and shutil.which(java) is None:
        raise AuditError(
            USAGE,
            "--engine spark needs Java 17 or later, and none is found. Install it, or name its folder in JAVA_HOME; "
            "a Spark Connect server (--spark-master sc://HOST) needs no Java here.",
        )


def _is_there(name: str) -> bool:
    with suppress(ModuleNotFoundError):
        return find_spec(name) is not None
    return False


def _server_of(master: str) -> str:
    """Return the address of the Spark Connect server that a run is given; empty where it is given none."""
    address = master or os.environ.get("SPARK_REMOTE", "")
    return address if address.startswith("sc://") else ""


@contextmanager
def open_session(master: str, settings: Settings, scratch: Path) -> Iterator[Any]:
    """Give a session of the Spark at `master`: a local one by default, a session that is there already before that.

    What Spark keeps on this machine's disk goes into `scratch`. A session that was there is not ended.
    Raises AuditError (2) where Spark cannot be started or reached, or `master` is named beside a session.
    """
    _quieten_pyspark()
    from pyspark.sql import SparkSession

    interrupted = signal.getsignal(signal.SIGINT)
    with ExitStack() as kept:
        try:
            session = SparkSession.getActiveSession()
            if session and master:
                raise AuditError(
                    USAGE,
                    "A Spark session is there already, which one at another address would change and in the end stop. "
                    "Leave spark_master out to use the one that is there, or stop it first.",
                )
            if session:
                session = session.newSession()
            else:
                with _silence():
                    session = _start(SparkSession.builder, master, settings, scratch)
                kept.callback(_end, session, master)
            for name, value in _OF_ANSWERS.items():
                session.conf.set(name, value)
        except AuditError:
            raise
        except Exception as error:  # whatever it says may hold a token of the address
            if is_stopping():
                raise KeyboardInterrupt from error
            raise AuditError(
                USAGE,
                f"Spark cannot be started or reached ({type(error).__name__}). Look whether Java is version 17 or "
                "later, and whether --spark-master is local[2], spark://HOST:PORT, yarn, k8s://… or sc://HOST:PORT "
                "and answers.",
            ) from error
        if threading.current_thread() is threading.main_thread() and interrupted is not None:
            signal.signal(signal.SIGINT, interrupted)  # PySpark takes it over and would hide that the user stopped
        yield session


def _quieten_pyspark() -> None:
    """Let Python say nothing of Spark's; it must come before PySpark's sessions are imported."""
    for said in ("PySpark does not yet fully support pandas", r"\[RETRIES_EXCEEDED\]"):
        warnings.filterwarnings("ignore", message=said)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it would write each connection that fails
    from pyspark.logger import PySparkLogger

    for name in _LOGS_OF_ERRORS:
        PySparkLogger.getLogger(name).setLevel(logging.CRITICAL + 1)


def _start(builder: Any, master: str, settings: Settings, scratch: Path) -> Any:
    if server := _server_of(master):
        from audit_lib.spark.remote import open_remote

        return open_remote(builder, server)
    options = {
        **_OF_EVERY_DRIVER,
        **_OF_ANSWERS,
        "spark.local.dir": str(scratch / "spark_local"),
        "spark.sql.warehouse.dir": str(scratch / "spark_warehouse"),
        "spark.driver.memory": f"{_heap_megabytes(settings)}m",
    }
    if not master or master.startswith("local"):
        options |= {**_OF_THIS_MACHINE, "spark.sql.shuffle.partitions": str(settings.threads)}
    return builder.master(master or f"local[{settings.threads}]").config(map=options).getOrCreate()


def _end(session: Any, master: str) -> None:
    with _silence():
        if _server_of(master):
            from audit_lib.spark.remote import no_more_patience

            no_more_patience(session)
        session.stop()


def _heap_megabytes(settings: Settings) -> int:
    """Return what a local Spark may use, beside as much for DuckDB; it does not start with less than 512 MB."""
    return max(512, int(query_memory(settings.memory_limit).removesuffix("MB")))


@contextmanager
def _silence() -> Iterator[None]:
    """Give what is started here no standard error: Java would write greetings, and rows where a task fails."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
