"""Planted breaches and near misses: one small function each, which says what must be found on its lines."""

from audit_lib.synthetic.scenarios import pump, supply, tpn
from audit_lib.synthetic.scenarios.common import Scenario

SCENARIOS: tuple[Scenario, ...] = (*supply.SCENARIOS, *tpn.SCENARIOS, *pump.SCENARIOS)
