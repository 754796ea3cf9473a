"""The shipped code lists agree with the reference lists they were distilled from, where those are at hand."""

import duckdb
import pytest

from audit_lib.resources import folder
from tests.conftest import SHARED
from tests.hand_made import load_code_sets

pytestmark = pytest.mark.skipif(
    not (SHARED / "reference").is_dir(),
    reason=f"the reference lists are not at {SHARED}; INFUSION_AUDIT_SHARED names their folder",
)

CODE_SETS = folder("sql") / "code_sets"

CONSIDERED_SUPPLIES = """
    create view considered_supplies as select * from ref_supply_codes where code not in
        ('J1642', 'A4216', 'A4217', 'A4218', 'B4220', 'B4222', 'B4224', 'B9004', 'B9006', 'B9999')
"""

# A cell of per diem codes: parts joined by ;, a part one code, a range, or either with a remark in brackets.
EXPAND = """
    with parts as (
        select code, regexp_replace(unnest(string_split({cell}, ';')), '[(].*[)]', '') as part
        from {table} where {cell} is not null
    )
    select parts.code, coalesce(p.code, parts.part)
    from parts left join ref_per_diem_codes p
        on p.per_diem = 'yes' and parts.part like '%-%'
        and p.code between split_part(parts.part, '-', 1) and split_part(parts.part, '-', 2)
"""

SAME = {
    "per diems": (
        "select code, family, is_per_diem, is_infusion, is_injection from per_diem_codes",
        "select code, family, per_diem = 'yes', infusion = 'yes', injection = 'yes' from ref_per_diem_codes",
    ),
    "per diem scales": (
        "select code, scale from per_diem_codes where scale is not null",
        "select code, scale from ref_per_diem_codes where scale is not null",
    ),
    "incidental per diems": (
        "select code from per_diem_codes where is_incidental",
        "select code from ref_per_diem_codes where incidental = 'yes'",
    ),
    "per diems that make a context": (
        "select code from per_diem_codes where is_context",
        "select code from ref_per_diem_codes where per_diem = 'yes' and (infusion in ('yes', 'other')"
        " or family in ('catheter_care', 'enteral', 'irrigation', 'dialysis'))",
    ),
    "supplies and their tiers": (
        "select code, tier, family from supply_codes",
        "select code, split_part(tier, ':', 1), family from considered_supplies",
    ),
    "the printed supply range": (
        "select code from supply_codes where is_literal_range",
        "select code from considered_supplies where in_policy_range = 'yes'",
    ),
    "per diems of TC supplies": (
        "select code, per_diem_code from supply_code_per_diems where relation = 'tc'",
        EXPAND.format(cell="substr(tier, 4)", table="(from considered_supplies where tier like 'TC:%')"),
    ),
    "per diems that go with supplies": (
        "select code, per_diem_code from supply_code_per_diems where relation = 'with'",
        EXPAND.format(cell='"with"', table="considered_supplies"),
    ),
    "pumps": (
        "select code from pump_codes union select code from supply_codes where is_pump",
        "select code from ref_hcpcs where code between 'E0779' and 'E0791' or code = 'K0455'",
    ),
    "tpn codes": (
        "select code, policy, product from tpn_codes",
        "select code, policy, product from ref_tpn_codes where code not in ('J1642', 'A4216', 'A4217', 'J1644')",
    ),
    "tpn products and phrases": (
        "select phrase, policy, class from tpn_product_words join tpn_products on product_code = code",
        "select unnest(string_split(match_words, ';')), case policy when 'AMBIGUOUS' then 'ambiguous'"
        " when 'unstated_treat_as_review' then 'unstated' else policy end, class from ref_tpn_products"
        # As the policy itself spells them.
        " union all values ('NEPHROAMINE', 'separate', 'aa_renal'), ('FREAMIN', 'ambiguous', 'aa_ambiguous')",
    ),
    "tpn NDCs": (
        "select distinct label, ndc from tpn_product_ndcs",
        "select label, lpad(split_part(part, '-', 1), 5, '0') || lpad(split_part(part, '-', 2), 4, '0')"
        " from (select label, unnest(string_split(ndc, ';')) as part from ref_tpn_products)",
    ),
    "flush NDCs": (
        "select product, ndc from flush_product_ndcs join flush_products on product_code = code",
        "select product, unnest(string_split(replace(ndc, '-', ''), ';')) from ref_flush_products",
    ),
    "flush phrases": (
        "select product, phrase from flush_product_words join flush_products on product_code = code",
        "select product, unnest(string_split(name_words, ';')) from ref_flush_products",
    ),
    "pump events": (
        "select code, event from pump_refill_codes where event <> 'repair'",
        "select code, unnest(string_split(event, ';')) as e from ref_pump_refill_codes"
        " where event similar to '(refill|reprogram|cassette_refill)(;refill)?'",
    ),
    "nursing roles": (
        "select code, role, category from nursing_codes where role not in ('rn_visit_addon', 'home_visit')",
        "select code, role, category from ref_nursing_codes"
        " where role in ('rn_visit', 'lpn_visit', 'rn_visit_facility_rev')"
        # Nurses of home health and hospice by their own codes, which the reference list lacks.
        " union all values ('G0162', 'rn_visit', null), ('G0493', 'rn_visit', null), ('G0494', 'lpn_visit', null),"
        " ('G0495', 'rn_visit', null), ('G0496', 'lpn_visit', null)",
    ),
    "home visits of which the reference says that a nurse came, though not on what terms": (
        "select code from nursing_codes where code in ('S5522', 'S5523', 'T1001') and role = 'home_visit'",
        "select code from ref_nursing_codes where role in ('rn_visit_soft', 'rn_procedure')",
    ),
    "places": (
        "select code from place_of_service_codes where setting = 'home'",
        "select code from ref_pos_codes where home = 'yes' or home like 'yes_expert%'",
    ),
    "fluids": (
        "select code, case when in_policy_range then 'yes' else 'no' end from iv_solution_codes",
        "select code, in_policy_range from ref_iv_solutions where in_policy_range in ('yes', 'no')"
        " and tpn_electrolyte is null and not_a_diluent is null",
    ),
    "included services": (
        "select code, strength, included from included_service_codes",
        "select code, strength, included from ref_per_diem_included_services where code <> 'S0155'",
    ),
    "included services of member-owned equipment": (
        "select code from included_service_codes where is_member_owned_exempt",
        "select code from ref_per_diem_included_services where exempt = 'member_owned'",
    ),
    "initial services": (
        "select code, rank::text from initial_service_codes",
        "select code, rank from ref_initial_infusion_codes where role = 'initial'",
    ),
    "add-on codes": (
        "select code, add_on_code from add_on_codes",
        "select code, unnest(string_split(addon, ';')) from ref_initial_infusion_codes",
    ),
    "injectable drugs": (
        "select code, self, never_flag, has_sc, has_im, has_iv, has_sc_infusion from injectable_drug_codes",
        "select code, coalesce(self, 'unstated'), never_flag is not null, routes @> ['SC'], routes @> ['IM'],"
        " routes @> ['IV'], routes @> ['SC_infusion']"
        " from (select *, string_split(route, ';') as routes from ref_injectable_drugs)",
    ),
    "insulins": (
        "select code from injectable_drug_codes where is_insulin",
        "select code from ref_injectable_drugs where exempt like '%S9353%'",
    ),
    "drug and per diem pairs": (
        "select code, per_diem_code from drug_per_diem_pairs",
        EXPAND.format(cell="per_diem", table="ref_drug_per_diem_pairs"),
    ),
    "drug intervals": (
        "select code, typical_interval, is_spaced from drug_per_diem_pairs",
        "select code, typical_interval, coalesce(typical_interval, 'continuous') <> 'continuous'"
        " from ref_drug_per_diem_pairs",
    ),
    "drugs by another route": (
        "select code, route from route_exclusion_codes",
        "select code, route from ref_route_exclusions"
        " where route not in ('oral_probable', 'inhaled_service', 'not_excluded_by_wording')",
    ),
    "clotting products": (
        "select code, exception from clotting_factor_codes",
        "select code, exception from ref_clotting_factors where code <> 'S9345'",
    ),
    "conflicts by the code's own wording": (
        "select code_a, code_b from per_diem_conflicts where kind <> 'flush_review'",
        "select code, unnest(string_split(\"with\", ';')) from ref_mutual_exclusions"
        " where code not in ('S9810', 'S5502', 'S9372', 'S9123')",
    ),
    "validity dates": (
        "select code, added::text, terminated::text from hcpcs_validity",
        "select code, added, terminated from ref_hcpcs semi join ref_code_validity_hints using (code)",
    ),
}


@pytest.fixture(scope="module")
def both():
    """Our lists as tables, the reference lists beside them as ref_<name>, the HCPCS file as ref_hcpcs."""
    connection = duckdb.connect()
    load_code_sets(connection, CODE_SETS)
    for path in (SHARED / "reference").glob("*.csv"):
        connection.read_csv(path, header=True, all_varchar=True).create(f"ref_{path.stem}")
    connection.execute(CONSIDERED_SUPPLIES)
    hcpcs = SHARED / "realdata" / "cms" / "hcpcs_level2_2026_01.csv"
    connection.read_csv(hcpcs, header=True, all_varchar=True).create("ref_hcpcs")
    return connection


@pytest.mark.parametrize("name", SAME)
def test_lists_agree_with_the_reference(both, name):
    ours, reference = (_rows(both, query) for query in SAME[name])
    assert ours == reference


def _rows(connection, query):
    rows = set(connection.execute(query).fetchall())
    assert rows
    return rows


def test_validity_covers_every_five_character_code_of_every_reference_list(both):
    lists = [path.stem for path in (SHARED / "reference").glob("*.csv")]
    codes = {code for name in lists for code in both.table(f"ref_{name}").select("code").fetchall()}
    known = set(both.sql("select code from ref_hcpcs where length(code) = 5").fetchall())
    assert set(both.table("hcpcs_validity").select("code").fetchall()) == codes & known
