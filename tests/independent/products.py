"""The listed product of a drug line: by its NDC, or else by the words of its name."""

from __future__ import annotations

import re
from functools import cache

from tests.independent.lines import Line
from tests.independent.lists import rows

Product = dict[str, str]

_TPN_PRODUCTS = rows("tpn_products")
_FLUSH_PRODUCTS = rows("flush_products")
_UNCLASSIFIED = frozenset({"J3490", "J7799", "J7999", "S5000", "S5001"})
_UNITS = ("MG", "MCG", "G", "GM", "ML", "L", "U", "UNIT", "UNITS", "IU", "MEQ", "MMOL")
_NOT_CONTENT = frozenset({*_UNITS, "INJ", "INJ.", "INJECTION"})
_NUMBER = re.compile(rf"[0-9.]*[0-9][0-9.]*(%|{'|'.join(_UNITS)})?")
_DASHED_NDC = re.compile(r"([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})")


def tpn_product(line: Line) -> Product | None:
    """Return the product of parenteral nutrition that a line names, if any."""
    return _by_ndc(line.ndc, _TPN_PRODUCTS) or _by_name(line.drug_name, _TPN_PRODUCTS, "match_words")


def flush_product(line: Line) -> Product | None:
    """Return the saline, heparin lock or sterile water that a line names, if any."""
    return _by_ndc(line.ndc, _FLUSH_PRODUCTS) or _by_name(line.drug_name, _FLUSH_PRODUCTS, "name_words")


def is_flush_product(line: Line) -> bool:
    """Tell whether a line bills one of rule 5's flush products, by its code or as an unclassified drug."""
    return line.code == "J7051" or (line.code in _UNCLASSIFIED and flush_product(line) is not None)


def _by_ndc(ndc: str, products: list[Product]) -> Product | None:
    # No two listed products share their first nine digits, so these decide for eleven digits as well.
    listed = {
        _first_nine(number.strip()): product
        for product in products
        for number in product["ndc"].split(";")
        if number.strip()
    }
    found = {reading[:9] for reading in _readings(ndc.strip())} & listed.keys()
    return listed[found.pop()] if len(found) == 1 else None


def _first_nine(listed: str) -> str:
    labeler, product, *_package = listed.split("-")
    return labeler.zfill(5) + product.zfill(4)


def _readings(ndc: str) -> set[str]:
    dashed = _DASHED_NDC.fullmatch(ndc)
    if dashed and len(ndc) >= len("1234-1234-12"):
        return {dashed[1].zfill(5) + dashed[2].zfill(4) + dashed[3].zfill(2)}
    if re.fullmatch("[0-9]{10}", ndc):
        # Without dashes nobody knows which of its three parts lacks the leading zero.
        return {"0" + ndc, ndc[:5] + "0" + ndc[5:], ndc[:9] + "0" + ndc[9:]}
    return {ndc} if re.fullmatch("[0-9]{11}", ndc) else set()


def _by_name(name: str, products: list[Product], column: str) -> Product | None:
    matches = [
        (len(phrase.replace(" ", "")), product)
        for product in products
        for phrase in product[column].split(";")
        if _matches(phrase, name)
    ]
    # Of equally long ones `max` takes the first.
    return max(matches, key=lambda match: match[0])[1] if matches else None


@cache
def _matches(phrase: str, name: str) -> bool:
    wanted, given = _words(phrase), _words(name)
    content = _content(wanted)
    begins_alike = sorted(_content(given)[: len(content)]) == sorted(content)
    return begins_alike and set(wanted) - set(content) <= set(given)


def _words(text: str) -> list[str]:
    kept = re.sub(r"[^A-Z0-9.%]", " ", text.upper())
    return re.sub(r" *%", "% ", kept).split()


def _content(words: list[str]) -> list[str]:
    return [word for word in words if word.strip(".") and word not in _NOT_CONTENT and not _NUMBER.fullmatch(word)]
