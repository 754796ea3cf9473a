"""The kinds of doubt that claims can raise against a finding: `sql/evidence/doubts.yml`."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter

from audit_lib.resources import folder, from_yaml

# Of the rules that name it no finding is demanded beside the line that shows it.
RELATED_LINE = "related line taken back"


class DoubtKind(BaseModel):
    """How a doubt is said of a finding (by the SQL's detail, where that parts it) and of demanded lines."""

    model_config = ConfigDict(extra="forbid")
    words: str | dict[str, str]
    words_for_the_sender: str | None = None
    of_rules: bool = False

    def words_of(self, detail: str | None) -> str:
        """Return how it is said of a finding. Raises LookupError for a detail that has no words."""
        return self.words if isinstance(self.words, str) else self.words[str(detail)]


@cache
def doubt_kinds() -> dict[str, DoubtKind]:
    """Return every kind by its name, in the order in which they are said."""
    path = folder("sql") / "evidence" / "doubts.yml"
    return TypeAdapter(dict[str, DoubtKind]).validate_python(from_yaml(path.read_text("utf-8")))


def _of_rules(name: str) -> str:
    known = [kind for kind, said in doubt_kinds().items() if said.of_rules]
    if name not in known:
        raise ValueError(f"{name!r} is no doubt that is asked of single rules; those are {', '.join(known)}")
    return name


# A kind that is asked of the findings of single rules alone, as their metadata name it.
RuleDoubt = Annotated[str, AfterValidator(_of_rules)]
