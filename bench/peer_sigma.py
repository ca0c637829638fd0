# SPDX-License-Identifier: Apache-2.0
"""The same rules twice, as EQL and as Sigma, within what both languages can say alike.

Sigma ignores the case of letters and knows no multi-values: so `in~` and `like~`, and single-valued
fields only.
"""

import json
import random

import rule_shapes


def pairs(count, seed):
    """(id, EQL, Sigma as an object) of rules with a list, a pattern list, and an exclusion."""
    shapes = rule_shapes.Shapes(random.Random(seed))
    for number in range(count):
        names, name_list = shapes.some(shapes.tool)
        words, _ = shapes.some(lambda: shapes.random.choice(rule_shapes.WORDS), 1 + number % 4)
        folders, _ = shapes.some(lambda: f"/opt/{shapes.random.choice(rule_shapes.WORDS)}/", 2)
        patterns = ", ".join(f'"*{word}*"' for word in words)
        excluded = ", ".join(f'"{folder}*"' for folder in folders)
        query = (f'any where event.action == "exec" and process.name in~ {name_list} and '
                 f'process.command_line like~ ({patterns}) and '
                 f'not process.parent.executable like~ ({excluded})')
        identity = f"00000000-0000-4000-8000-{number:012d}"
        sigma = {
            "title": f"Generated {number}", "id": identity, "status": "test",
            "logsource": {"product": "linux", "category": "process_creation"},
            "detection": {
                "selection": {"event.action": "exec", "process.name": names,
                              "process.command_line|contains": words},
                "exclusion": {"process.parent.executable|startswith": folders},
                "condition": "selection and not exclusion",
            },
            "level": "low",
        }
        yield identity, query, sigma


def write(folder, eql_path, count, seed):
    """A file for each Sigma rule (JSON is YAML), and one with all EQL rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yml"):
        old.unlink()
    with eql_path.open("w") as rules:
        for identity, query, sigma in pairs(count, seed):
            (folder / f"{identity}.yml").write_text(json.dumps(sigma))
            rules.write(json.dumps({
                "rule_id": identity, "name": sigma["title"], "description": "Made for the benchmark.",
                "type": "eql", "language": "eql", "severity": "low", "risk_score": 21,
                "query": query}) + "\n")
