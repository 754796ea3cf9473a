"""Columns that hold modifiers by their names and that no layout reads: what may free a line would be missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlglot import exp

# As in mod1, modifier, proc_mod_2, hcpcs_modifier_cd_1 or HCPCS_1ST_MDFR_CD; a date of a change ends otherwise.
_NAME = re.compile(
    r"([a-z0-9_ .-]*[0-9_ .-])?(mod|mods|modf|modifier|modifiers|mdfr|modfr)"
    r"([_ .-]?[0-9]{1,2})?([_ .-]?(cd|code))?([_ .-]?[0-9]{1,2})?"
)


def unread_modifiers(header: Iterable[str], bound: Mapping[str, exp.Expr | None]) -> list[str]:
    """Return the columns of a file that seem to hold modifiers and go into no column of the contract."""
    read = {column.name for tree in bound.values() if tree for column in tree.find_all(exp.Column)}
    return [name for name in dict.fromkeys(header) if name not in read and _NAME.fullmatch(name)]
