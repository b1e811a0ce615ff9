#!/usr/bin/env python3
"""The keys of an instance in a plan store: store_key.py FILE prints its exact and shape key.

Written from docs/store.md alone, as a second opinion; slow on large instances.
"""

import gzip
import hashlib
import itertools
import json
import struct
import sys

FORBIDDEN = 10**18


def cost_of_entry(entry):
    return (1, entry - FORBIDDEN) if entry >= FORBIDDEN else (0, entry)


def add(a, b):
    return (a[0] + b[0], a[1] + b[1])


def cost_list(costs):
    """The bytes of a list of pairs (forbidden entries, finite sum)."""
    totals = [forbidden * FORBIDDEN + finite for forbidden, finite in costs]
    if all(-(2**63) <= total < 2**63 and cost_of_entry(total) == tuple(cost)
           for total, cost in zip(totals, costs)):
        return b"\0" + b"".join(struct.pack("<q", total) for total in totals)
    return b"\1" + b"".join(struct.pack("<q", forbidden) + finite.to_bytes(16, "little", signed=True)
                            for forbidden, finite in costs)


def canonical(problem):
    """Node costs, the constant, and tables by the nodes they decide between."""
    strategies = [len(costs) for costs in problem["nodes"]["costs"]]
    costs = [[cost_of_entry(entry) for entry in row] for row in problem["nodes"]["costs"]]
    constant = (0, 0)
    tables = {}
    for ends, entries in zip(problem["edges"]["nodes"], problem["edges"]["costs"]):
        nodes = tuple(sorted({node for node in ends if strategies[node] > 1}))
        table = []
        for choice in itertools.product(*(range(strategies[node]) for node in nodes)):
            plan = dict(zip(nodes, choice))
            at = 0
            for node in ends:
                at = at * strategies[node] + plan.get(node, 0)
            table.append(cost_of_entry(entries[at]))
        if not nodes:
            constant = add(constant, table[0])
        elif len(nodes) == 1:
            costs[nodes[0]] = [add(a, b) for a, b in zip(costs[nodes[0]], table)]
        else:
            before = tables.get(nodes, [(0, 0)] * len(table))
            tables[nodes] = [add(a, b) for a, b in zip(before, table)]
    return strategies, costs, constant, sorted(tables.items())


def memory(problem):
    limit = problem.get("usage_limit")
    usages = problem["nodes"]["usages"]
    intervals = problem["nodes"]["intervals"]
    lives = [limit is not None and lower < upper and any(usage)
             for (lower, upper), usage in zip(intervals, usages)]
    starts = sorted({lower for (lower, _), live in zip(intervals, lives) if live})
    text = b""
    for (lower, upper), usage, live in zip(intervals, usages, lives):
        begin = sum(start < lower for start in starts) if live else 0
        end = sum(start < upper for start in starts) if live else 0
        text += struct.pack("<QQ", begin, end)
        if live:
            text += b"".join(struct.pack("<q", value) for value in usage)
    return text + struct.pack("<Bq", limit is not None, limit or 0)


def packed_nodes(nodes):
    return struct.pack(f"<{1 + len(nodes)}I", len(nodes), *nodes)


def exact_key(problem):
    strategies, costs, constant, tables = canonical(problem)
    text = b"warpshard exact 1\n" + struct.pack("<I", len(strategies))
    for row in costs:
        text += struct.pack("<I", len(row)) + cost_list(row)
    text += cost_list([constant]) + memory(problem)
    kept = [(nodes, table) for nodes, table in tables if any(cost != (0, 0) for cost in table)]
    text += struct.pack("<Q", len(kept))
    for nodes, table in kept:
        text += packed_nodes(nodes) + hashlib.sha256(cost_list(table)).digest()
    return hashlib.sha256(text).hexdigest()


def shape_key(problem):
    strategies, _, _, tables = canonical(problem)
    text = b"warpshard shape 1\n" + packed_nodes(strategies) + struct.pack("<Q", len(tables))
    return hashlib.sha256(text + b"".join(packed_nodes(nodes) for nodes, _ in tables)).hexdigest()


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: store_key.py FILE")
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    problem = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)["problem"]
    print(exact_key(problem), shape_key(problem))


if __name__ == "__main__":
    main()
