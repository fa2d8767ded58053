"""Gives schemathesis the ids that are there, so that made-up requests reach further than "unknown"."""

import json
import os
import uuid

import schemathesis

with open(os.environ["MASHANG_FUZZ_OUT"], encoding="utf-8") as told:
    KNOWN = json.load(told)


def is_id(value):
    try:
        uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


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
        # Made-up times are hardly ever in order, made-up words hardly ever without control characters.
        if "planned_end" in body and "planned_start" in body and is_id(body.get("enterprise")):
            body["planned_start"] = "2026-03-25T09:00:00+08:00"
            body["planned_end"] = "2026-03-25T11:00:00+08:00"
            body["inspectors"] = ["XF-1", "XF-2"]
            for name in ("arrived_at", "left_at", "note", "exemption_reason", "evidence_ref", "joint_group"):
                body.pop(name, None)
    return body
