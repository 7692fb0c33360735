"""The smallest plan there can be, so that a side has a figure to report: one task, one indicator, one year long ago."""

import datetime as dt
from typing import Any

from models.organisation import Organisation

YEAR = 2001


def document(name: str, seed: int, unit: Organisation) -> dict[str, Any]:
    """As if read from a file."""
    first, last = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
    code = unit.department_code
    names = {"name_zh": f"示例权限{name}{seed}", "name_en": f"Example {name}{seed}"}
    shares = {"lead": [code], "responsible": [code]}
    return {
        "plan": {
            "code": f"rights-{name}-{seed}",
            "title_zh": f"示例权限方案{name}{seed}",
            "title_en": f"Example plan {name}{seed}",
            "years": [YEAR],
            "starts_on": first,
            "ends_on": last,
            "aggregator": code,
            "is_demo": True,
        },
        "phase": [{"code": "all", "from": first, "to": last, **names}],
        "checkpoint": [{"code": "end", "when": "at the end", "products": ["report"], **names}],
        "department": [{"code": code, "kind": unit.type.value, **names}],
        "programme": [{"code": "A", **names}],
        "clause": [{"number": 1, "programme": "A", **shares, **names}],
        "indicator": [
            {
                "code": "T01.people",
                "clause": 1,
                "unit": "person",
                "unit_zh": "人",
                "target": 10,
                "comparator": ">=",
                "direction": "up",
                "period": "annual",
                "count_rule": "distinct_person_year",
                "target_basis": "stated",
                "feed": "manual",
                "due": last,
                "activity_kinds": [],
                "evidence": "名册",
                "plan_quote": "每年10人",
                **shares,
                **names,
            }
        ],
    }
