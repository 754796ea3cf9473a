"""Planted breaches and near misses: one small function each, which says what must be found on its lines."""

from audit_lib.synthetic.scenarios import (
    administration,
    amino_acid,
    coding,
    fluids,
    incidental,
    injections,
    per_diem_codes,
    per_diem_drugs,
    per_diem_units,
    pump,
    refill,
    routes,
    services,
    setting,
    supply,
    tpn,
)
from audit_lib.synthetic.scenarios.common import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *incidental.SCENARIOS,
    *supply.SCENARIOS,
    *fluids.SCENARIOS,
    *services.SCENARIOS,
    *tpn.SCENARIOS,
    *amino_acid.SCENARIOS,
    *pump.SCENARIOS,
    *refill.SCENARIOS,
    *per_diem_units.SCENARIOS,
    *per_diem_codes.SCENARIOS,
    *per_diem_drugs.SCENARIOS,
    *injections.SCENARIOS,
    *routes.SCENARIOS,
    *setting.SCENARIOS,
    *administration.SCENARIOS,
    *coding.SCENARIOS,
)
