"""An Airflow DAG: make the monthly report, then run one more notebook over it with the PapermillOperator.

Airflow decides when; the plan still decides what, and that each report is made once: a retried or repeated task finds
the report of its day there and goes on. The notebook's output stands outside the run folder, which is never written to.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROGRAM = os.environ.get("INFUSION_AUDIT", "/opt/infusion-audit/bin/infusion-audit")
NOTEBOOKS = os.environ.get("INFUSION_AUDIT_NOTEBOOKS", "/opt/infusion-audit/notebooks")
PLACE = os.environ.get("INFUSION_AUDIT_PLACE", "/srv/audit")
AS_OF = "{{ data_interval_end | ds }}"
RUN = f"{PLACE}/runs/monthly_exposure-{AS_OF}"

with DAG(
    dag_id="infusion_audit_monthly",
    schedule="0 6 5 * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="America/Denver"),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(hours=1)},
    tags=["audit"],
) as dag:
    make = BashOperator(
        task_id="make_report",
        bash_command=f"{PROGRAM} report monthly_exposure --as-of {AS_OF} --config {PLACE}/reports.yml",
    )
    look = PapermillOperator(
        task_id="overpayment_exposure",
        input_nb=f"{NOTEBOOKS}/03_overpayment_exposure.ipynb",
        output_nb=f"{PLACE}/notebooks/overpayment_exposure-{AS_OF}.ipynb",
        parameters={"run": RUN},
        kernel_name="infusion-audit",
    )
    make >> look
