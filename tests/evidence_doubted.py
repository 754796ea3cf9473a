"""What the claims of `evidence_claims.yml` say against their findings: words of a doubt, and which claims give it."""

OTHER_PAYER = {
    "another payer on another line of the claim", "another payer on another line, of this one not stated",
    "another payer on a denied line of the claim", "a per diem of the claim that another payer paid",
}  # fmt: skip
UNNAMED = "says that it replaces another and names none that the file holds: what it replaces may still stand"
DOUBTED: list[tuple[str, set[str]]] = [
    ("A drug stands on the claim on other days", {"drug two days before"}),
    (
        "The provider billed a drug that fits on another claim up to 35 days before",
        {"a month's drug on the first of weekly claims", "no drug"},
    ),
    (
        "The provider billed a drug that fits on another claim up to 35 days after",
        {"a month's drug billed when the month is over", "a week without its drug, billed on its first day"},
    ),
    (
        "What is missed here was billed for these days under the same NPI and another provider id",
        {"a visit of the same NPI with its TIN", "a drug of the same NPI with its TIN"},
    ),
    (
        "of this line was already taken back, by",
        {
            "a share of a supply that was taken back before",
            "parts of a per diem that were taken back on two days",
        },
    ),
    ("A pharmacy's line by revenue code", {"a pharmacy line without a drug's code"}),
    ("beside hydration it may be the fluid that was infused", {"a hydration fluid billed as a pump drug"}),
    (
        "bills a prescription drug and does not say which",
        {"a prescription drug that nothing names", "a prescription drug on another day of the claim"},
    ),
    (
        "a National Drug Code with too few digits",
        {"a National Drug Code that lost its zeros", "a National Drug Code without its package"},
    ),
    ("The line itself names a drug, by", {"a per diem whose own line names the drug"}),
    ("names a drug by its name alone", {"a drug by its name alone"}),
    (
        f"The claim {UNNAMED}",
        {
            "replaces an empty cell",
            "replaces nines",
            "its type of bill says that it replaces",
            "replaces a claim that is not in the file",
        },
    ),
    (
        "The line was put together from rows that bill different services",
        {"a line whose rows bill two services"},
    ),
    (
        "The line that shows it was put together from rows that bill different services",
        {"a flush beside a per diem whose rows bill two days"},
    ),
    (
        "Another line of the claim was put together from rows that bill different services",
        {"a per diem beside a line whose rows bill two services"},
    ),
    (
        "The per diem that is missed here was billed for these days and not allowed",
        {
            "a fluid beside hydration that was denied",
            "heparin beside anticoagulation that was denied",
            "saline beside nutrition that was denied",
            "potassium of nutrition beside hydration that was denied",
            "insulin on days of nutrition that was denied",
            "an injected drug whose per diem was denied",
            "an injection on a day of an infusion that was denied",
        },
    ),
    ("Another payer paid first on another line of this claim", OTHER_PAYER),
    (f"The claim of the line that shows it {UNNAMED}", {"the related claim replaces"}),
    (
        "The claim and that of the line which shows it name one another as original",
        {"a correction that says it is none"},
    ),
    ("The line that shows it is of another payer", {"a per diem of another plan"}),
    (
        "Another payer paid first on the line that shows it, which is of another claim",
        {"another payer on another claim", "a per diem on another claim that another payer paid"},
    ),
    (
        "Another payer paid for the per diem that shows it, and the plan nothing",
        {"a per diem of the claim that another payer paid", "a per diem on another claim that another payer paid"},
    ),
    (
        "The plan paid nothing for the per diem that shows it, which it allowed",
        {"a product beside a per diem at the member's cost"},
    ),
    ("The plan paid nothing for the earlier line", {"an earlier line at the member's cost"}),
    ("Another payer paid first on the earlier line", {"an earlier line beside another payer"}),
    (
        "The per diem that shows it bills fewer units than it has days",
        {"a per diem that leaves days out", "a rental on one day", "a rental of a month", "a purchase on one day"},
    ),
    (
        "The other initial service stands on another claim, with another place of service: it may be that of",
        {"an initial service at another place on another claim"},
    ),
    (
        "on another claim, with another revenue code and billing NPI: it may be that of another encounter",
        {"an initial service of another department on another claim"},
    ),
    (
        "bill different drugs for their per diems, and none in common",
        {"two antibiotics on two claims", "two drugs of unclassified codes on two claims"},
    ),
    ("The line spans several days, and all its units", {"initial service of several days"}),
    ("A registered nurse's visit on these days was billed and not allowed", {"visit denied"}),
    (
        "Every line of this institutional claim has the same paid amount",
        {"one amount on lines of several charges", "one amount on the services of a day"},
    ),
    ("The line bills 6 units for 10 days: it may leave out days", {"units that leave the stay out"}),
    (
        "it may leave out days that are in question here, so that they were not paid",
        {
            "units that leave the stay out",
            "a month's flush of a port in one unit",
            "three days of hydration in a month",
        },
    ),
    ("A stay on these days is a newborn's", {"a newborn's stay", "a stay with a newborn's diagnosis"}),
    (
        "Days in question lie outside the days of every claim of the stay",
        {"an admission a year too early", "a discharge a month too late"},
    ),
    (
        "No place of service was billed: the place is taken from the bill type.",
        {"dialysis on the bill of a dialysis clinic", "a per diem on a type of bill that no list has"},
    ),
    (
        "The lines that bill these days have together no more units than days",
        {
            "a last day that is the next delivery's",
            "one span in two parts",
            "a month's flush of a port in one unit",
            "three days of hydration in a month",
        },
    ),
    (
        "On some of the days in question the per diem that shows it is itself found to lie in a stay",
        {"a pump beside a per diem of which days lie in a stay"},
    ),
    ("The line is a rental dated on a single day", {"a rental on one day"}),
    (
        "on its one day, which may be a span of days billed on its first day",
        {
            "a week without its drug, billed on its first day",
            "a week whose first day is billed twice",
            "a month billed on a day of a stay",
        },
    ),
    (
        "on which day the service ended (claim_line_end_date); assumed here: the first day alone",
        {
            "a week without its drug, billed on its first day",
            "units that are no span, one of a day and of a line without its last day",
        },
    ),
    (
        "The per diem that is missed here may be there: one on an earlier day bills several units",
        {
            "a drug under the skin in a week billed on its first day",
            "a fluid in a week of hydration billed on its first day",
            "heparin in a week of anticoagulation billed on its first day",
            "saline in a week of nutrition billed on its first day",
            "a month of nutrition billed on its first day, with insulin",
            "an injected drug in ten days of its per diem billed on the first",
            "potassium of nutrition in a week of hydration billed on its first day",
        },
    ),
    (
        "The line's units are what its 2 rows of the claims file",
        {"a correction that repeats the units", "a line whose rows bill two services"},
    ),
    (
        "A home visit on these days was paid, of a kind that does not say whether a registered nurse came",
        {"injection visit of another provider", "revenue code of nursing beside another code"},
    ),
    ("A refill, reprogramming or repair of the pump on these days was billed and", {"refill denied"}),
    (
        "An injection was billed as given by staff on these days",
        {"an injection given on the day, not allowed beside the drug"},
    ),
    (
        "A visit at an office or at home was billed on these days",
        {"a doctor's visit at home, on a claim of its own"},
    ),
    (
        "Some days of the line have no infusion visit of the provider",
        {"a month of nursing with one infusion visit", "nursing on two days, the second visit another provider's"},
    ),
    (
        "The first hours of a visit (99601) were billed for these days and not allowed",
        {"extra hours whose first hours were denied"},
    ),
    (
        "The line that shows it is itself found overpaid in full (“Per diem or home visit at a place",
        {
            "a repeated week whose first bill is of a hospital",
            "care of an idle port beside an infusion in a hospital",
        },
    ),
    (
        "The line that shows it is itself found overpaid in full (“Nursing hours without their visit",
        {"nursing beside extra hours that have no first hours"},
    ),
    (
        "A nurse's visit of the provider on these days was paid by another code",
        {"extra hours beside nursing by another code"},
    ),
    (
        "has more than a procedure code where one belongs",
        {
            "extra hours whose first hours have their modifier behind the code",
            "a per diem whose drug's code stands behind its qualifier",
        },
    ),
    ("The claim bills different drugs, each for the days of both", {"two drugs on the claim that bills a week twice"}),
    (
        "what shows it may itself be a span of days billed on its first day",
        {
            "a week billed on its first day, the next one a day early",
            "a week billed on its first day, and a second therapy begun in it",
        },
    ),
    (
        "A hydration per diem of the provider stands on these days beside that of the nutrition",
        {"half-normal saline beside nutrition and hydration"},
    ),
    ("The two codes are of pumps of different kinds", {"refills of two kinds of pump"}),
    (
        "An infusion on these days was billed and not allowed",
        {"a drug into a muscle on a day of an infusion that was not allowed"},
    ),
    ("the visit may have gone past midnight", {"extra hours after midnight"}),
]
