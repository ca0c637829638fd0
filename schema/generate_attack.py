#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/rules/attack_table.inc from an ATT&CK Enterprise bundle (STIX 2.1 JSON).

    generate_attack.py enterprise-attack-18.1.json --inc src/rules/attack_table.inc

MITRE publishes the bundles at https://github.com/mitre-attack/attack-stix-data. After a new release
set kAttackRelease in src/rules/attack.h too. Standard library only.
"""

import argparse
import json
import pathlib

HEADER = """\
// SPDX-License-Identifier: Apache-2.0
// id, name, tactics (short names; empty: the parent's), successor when revoked ("-": none).
// Ascending by id. Written by schema/generate_attack.py.
// Facts from ATT&CK Enterprise (c) The MITRE Corporation; reproduced and distributed with its
// permission.
"""


def attack_id(entry):
    for reference in entry.get("external_references", []):
        if reference.get("source_name") == "mitre-attack":
            return reference["external_id"]
    return None


def tactics_of(entry):
    return [
        phase["phase_name"]
        for phase in entry.get("kill_chain_phases", [])
        if phase["kill_chain_name"] == "mitre-attack"
    ]


def rows(objects):
    techniques = {o["id"]: o for o in objects if o["type"] == "attack-pattern" and attack_id(o)}
    successors = {
        o["source_ref"]: attack_id(techniques[o["target_ref"]])
        for o in objects
        if o["type"] == "relationship"
        and o["relationship_type"] == "revoked-by"
        and o["source_ref"] in techniques
        and o["target_ref"] in techniques
    }
    by_id = {attack_id(entry): entry for entry in techniques.values()}
    for number, entry in sorted(by_id.items()):
        gone = entry.get("revoked") or entry.get("x_mitre_deprecated")
        tactics = tactics_of(entry)
        parent = by_id.get(number.partition(".")[0]) if "." in number else None
        if gone or (parent and set(tactics) == set(tactics_of(parent))):
            tactics = []
        successor = successors.get(entry["id"], "-") if gone else ""
        name = entry["name"].replace("\\", "\\\\").replace('"', '\\"')
        yield f'{{"{number}", "{name}", "{",".join(tactics)}", "{successor}"}},\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("--inc", metavar="FILE", required=True)
    arguments = parser.parse_args()
    objects = json.loads(pathlib.Path(arguments.bundle).read_text(encoding="utf-8"))["objects"]
    pathlib.Path(arguments.inc).write_text(HEADER + "".join(rows(objects)), encoding="utf-8")


if __name__ == "__main__":
    main()
