"""The commands of `infusion-audit`, one module each: `add_parser` declares it, `execute` runs it.

Modules import what is heavy inside `execute`, so that `--help` stays quick.
"""
