"""Gives schemathesis the ids that are there, so that made-up requests reach further than "unknown"."""

import json
import os
import uuid
from datetime import datetime

import schemathesis

with open(os.environ["MASHANG_FUZZ_OUT"], encoding="utf-8") as told:
    KNOWN = json.load(told)

PLANNED = {"planned_start": "2026-03-25T09:00:00+08:00", "planned_end": "2026-03-25T11:00:00+08:00"}
WORDS = {
    "note": 500, "exemption_reason": 500, "evidence_ref": 500, "reason": 500, "joint_group": 100, "agency_text": 100,
    "words": 2000, "contact": 100,
}


def is_id(value):
    try:
        uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def is_time(value):
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except (AttributeError, ValueError):
        return False


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    # Every second id is one that is there; a made-up one is to be tried too.
    if path_parameters and is_id(path_parameters.get("id")) and int(path_parameters["id"][-1], 16) % 2:
        kind = "violation" if "violations" in context.operation.path else "filing"
        path_parameters["id"] = KNOWN[kind]
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for name in ("agency", "enterprise"):
            if is_id(body.get(name)):
                body[name] = KNOWN[name]
        matters = body.get("matters")
        if isinstance(matters, list) and matters and all(map(is_id, matters)):
            body["matters"] = [KNOWN["matter"]]
        # Made-up times are hardly ever in order, made-up words hardly ever without control characters. What breaks the schema stays.
        if all(is_time(body.get(name)) for name in PLANNED):
            body.update(PLANNED)
            for name in ("arrived_at", "left_at"):
                if is_time(body.get(name)):
                    del body[name]
        for name, longest in WORDS.items():
            if isinstance(body.get(name), str) and 0 < len(body[name]) <= longest:
                body[name] = "made up"
        inspectors = body.get("inspectors")
        if isinstance(inspectors, list) and len(inspectors) <= 100 and all(isinstance(one, str) for one in inspectors):
            body["inspectors"] = KNOWN["inspectors"]
    return body
