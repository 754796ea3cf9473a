"""The drugs of home infusion: code by date, package and a day's dose."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug as it is billed. `later_code` takes over on the day its national code changed."""

    code: str
    name: str
    ndc: str
    units_a_day: int
    cents_a_day: int
    ndc_unit: str = "UN"
    later_code: str = ""
    changed_on: date = date.max

    def code_on(self, day: date) -> str:
        """Return the code that was valid on that day."""
        return self.later_code if day >= self.changed_on else self.code


# Package numbers as in the public NDC to HCPCS crosswalk (CMS, October 2025), where the code is in it.
_ALL: tuple[Drug, ...] = (
    Drug("J0696", "CEFTRIAXONE 2 GM", "00143967801", 8, 1_860),
    Drug("J0690", "CEFAZOLIN 2 GM", "00143926110", 12, 2_240),
    Drug("J0692", "CEFEPIME 2 GM", "00409956610", 8, 4_120),
    Drug("J0878", "DAPTOMYCIN 500 MG", "00143937801", 500, 9_780),
    Drug("J1335", "ERTAPENEM 1 GM", "00143939810", 2, 8_840),
    Drug("J2185", "MEROPENEM 1 GM", "00143943010", 30, 6_390),
    Drug("J2543", "PIPERACILLIN TAZOBACTAM 3.375 GM", "00338963224", 12, 5_470),
    Drug("J3370", "VANCOMYCIN 1 GM", "00143935510", 4, 3_150, "UN", "J3373", date(2025, 7, 1)),
    Drug("J9190", "FLUOROURACIL 500 MG/10 ML", "16729027668", 4, 1_930, "ML"),
    Drug("J2405", "ONDANSETRON 2 MG/ML", "00409000925", 8, 640, "ML"),
    Drug("J2260", "MILRINONE LACTATE 1 MG/ML", "00143932610", 6, 8_410, "ML"),
    Drug("J1250", "DOBUTAMINE 250 MG/20 ML", "00143914110", 2, 5_220, "ML"),
    Drug("J3285", "TREPROSTINIL 2.5 MG/ML", "00703067601", 3, 24_410, "ML"),
    Drug("J1325", "EPOPROSTENOL 1.5 MG", "00173051900", 4, 12_260),
    Drug("J1786", "IMIGLUCERASE 400 UNITS", "58468466301", 400, 1_611_000),
    Drug("J1745", "INFLIXIMAB 100 MG", "57894003001", 40, 191_466),
    Drug("J0256", "ALPHA-1 PROTEINASE INHIBITOR", "00053720102", 420, 241_300),
    Drug("J2919", "METHYLPREDNISOLONE SOD SUCC 1 GM", "00009001820", 200, 6_240),
    Drug("J1940", "FUROSEMIDE 10 MG/ML", "00143915610", 4, 890, "ML", "J1938", date(2025, 4, 1)),
    Drug("J7192", "FACTOR VIII RECOMBINANT", "00026378225", 2_000, 311_240),
    Drug("J7195", "FACTOR IX RECOMBINANT", "58394063303", 3_000, 408_120),
    Drug("J1569", "IMMUNE GLOBULIN 10% LIQUID", "00944270003", 60, 298_530, "ML"),
    Drug("J1459", "IMMUNE GLOBULIN PRIVIGEN", "44206043710", 60, 291_490, "ML"),
    Drug("J1559", "IMMUNE GLOBULIN SC HIZENTRA", "44206045202", 100, 115_528, "ML"),
    Drug("J2270", "MORPHINE SULFATE PF 10 MG/ML", "00409113403", 6, 1_390, "ML"),
    Drug("J1171", "HYDROMORPHONE 10 MG/ML", "00409128331", 240, 1_710, "ML"),
    Drug("J2278", "ZICONOTIDE 25 MCG/ML", "70720072010", 500, 148_000, "ML"),
    Drug("J0475", "BACLOFEN INTRATHECAL 40 MG/20 ML", "14789016105", 4, 40_624, "ML"),
    Drug("J0895", "DEFEROXAMINE 500 MG", "00409233725", 4, 4_930),
    Drug("J1644", "HEPARIN SODIUM 25000 UNITS", "00264956710", 25, 1_980, "ML"),
    Drug("J1652", "FONDAPARINUX 7.5 MG", "00781345495", 15, 3_320, "ML"),
    Drug("J1650", "ENOXAPARIN 80 MG", "00075062160", 8, 2_410, "ML"),
    Drug("J1756", "IRON SUCROSE 200 MG", "00517231005", 200, 9_130, "ML"),
    Drug("J1817", "INSULIN LISPRO FOR PUMP", "00002751001", 1, 1_240, "ML"),
    Drug("J1815", "INSULIN REGULAR", "", 6, 210),
    Drug("J2800", "METHOCARBAMOL 1 GM", "00641610310", 2, 5_150, "ML"),
    Drug("J3105", "TERBUTALINE SULFATE 1 MG", "00143937510", 3, 960, "ML"),
    Drug("J7030", "SODIUM CHLORIDE 0.9% 1000 ML", "00264580200", 1, 920, "ML"),
    Drug("J7120", "LACTATED RINGERS 1000 ML", "", 1, 890, "ML"),
    Drug("B4185", "INTRALIPID 20%", "00338051909", 5, 4_720, "ML"),
    Drug("B4150", "ENTERAL FORMULA INTACT NUTRIENTS", "", 18, 1_480),
    Drug("P9016", "RED BLOOD CELLS LEUKOCYTES REDUCED", "", 2, 42_600),
    Drug("J1438", "ETANERCEPT 50 MG", "", 2, 138_810),
    Drug("J3420", "CYANOCOBALAMIN 1000 MCG", "00143961901", 1, 205, "ML"),
)

DRUGS: dict[str, Drug] = {drug.code: drug for drug in _ALL}
