"""Asks a demonstration for ids that are there, and for its tokens. Usage: known.py GUIDE.json"""

import json
import sys
import urllib.request

with open(sys.argv[1], encoding="utf-8") as line:
    guide = json.load(line)


def get(path, token):
    request = urllib.request.Request(guide["url"] + "/api/v1/" + path, headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["items"]


filing = get("filings", guide["agency_api_token"])[0]
print(json.dumps({
    "url": guide["url"],
    "agency_token": guide["agency_api_token"],
    "supervisor_token": guide["api_token"],
    "agency": filing["agency"],
    "enterprise": filing["enterprise"],
    "matter": filing["matters"][0],
    "inspectors": filing["inspectors"],
    "filing": filing["id"],
    "violation": get("violations", guide["api_token"])[0]["id"],
}))
