#!/usr/bin/env python3
"""Draws what `warpshard solve --trace FILE` wrote: cost and bound over the run and who brought them,
what each kind of worker did, memory over the program's time against the limit, and cost by kind,
before (every node at its cheapest strategy) and after.

    tools/plot_trace.py TRACE PICTURE.png

Needs matplotlib (Debian: python3-matplotlib). Ends with status 2 where the trace is at fault.
"""

import json
import os
import sys


def fail(status, message):
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(status)


try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import EngFormatter
except ImportError:
    fail(1, f"needs matplotlib for {sys.executable} (Debian: python3-matplotlib)")

COST = "tab:blue"
BOUND = "tab:orange"
BEFORE = "0.65"
AFTER = "tab:blue"
LIMIT = "tab:red"
NODES = "tab:green"
EDGES = "tab:purple"
WORK = "tab:cyan"
MARKERS = "osD^v<>PX*"


def read_events(path):
    """Events by name, in the order they happened."""
    events = {}
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    event = json.loads(line)
                    events.setdefault(event["event"], []).append(event)
                except (ValueError, KeyError, TypeError):
                    fail(2, f"{path}:{number}: not an event of a trace")
    except OSError as error:
        fail(2, f"{path}: {error.strerror}")
    if "instance" not in events:
        fail(2, f"{path}: not a trace")
    return events


def drop_repeats(points):
    """Points (x, y) at which y changes."""
    return [point for k, point in enumerate(points) if k == 0 or point[1] != points[k - 1][1]]


def draw_steps(axes, points, end, **style):
    """A curve that keeps each value until the next point, and the last one until `end`."""
    if points:
        points = points + [(end, points[-1][1])]
        axes.step(*zip(*points), where="post", **style)


def legend(axes):
    """Beside the axes, where it hides nothing."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, fontsize="small")


def counted(number, what):
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shown(text):
    """Text as matplotlib may draw it: no control characters, no formulas."""
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return visible.replace("$", r"\$")


def finders(progress):
    """Points at which the cheapest plan changes, by the worker that found it."""
    points = {}
    last = None
    for event in progress:
        if event.get("forbidden") != 0:
            continue
        cost = int(event["cost"])
        if cost != last and event.get("source"):
            points.setdefault(event["source"], []).append((event["seconds"], cost))
        last = cost
    return points


def draw_search(axes, events):
    progress = events.get("progress", [])
    end = max([event["seconds"] for event in progress + events.get("result", [])], default=1)
    costs = drop_repeats(
        [(e["seconds"], int(e["cost"])) for e in progress if e.get("forbidden") == 0])
    bounds = drop_repeats([(e["seconds"], int(e["bound"])) for e in progress if e.get("bound_forbidden") == 0])
    draw_steps(axes, costs, end, color=COST, label="cheapest plan")
    draw_steps(axes, bounds, end, color=BOUND, label="lower bound")
    for index, (source, points) in enumerate(finders(progress).items()):
        axes.plot(*zip(*points), linestyle="none", marker=MARKERS[index % len(MARKERS)],
                  color=f"C{index + 2}", markersize=4, zorder=3, label=f"found by {shown(source)}")
    if costs and bounds:
        # The first plans may cost many times the last one; they would flatten everything else.
        low = bounds[-1][1]
        high = max(costs[-1][1], low) + 1
        room = max(2.5 * (high - low), 0.02 * abs(low), 1)
        axes.set_ylim(low - 0.3 * room, low + room)
        if costs[0][1] > low + room:
            axes.annotate(f"first plan after {costs[0][0]:.2g} s: {EngFormatter(places=1)(costs[0][1])}",
                          (0.01, 0.97), xycoords="axes fraction", va="top", fontsize="small")
        gap = 100 * (costs[-1][1] - low) / abs(low) if low else 0
        axes.set_title(f"cost {costs[-1][1]:,}, at most {gap:.3g}% above the best", loc="left")
    axes.set_xlim(0, end)
    axes.set_xlabel("seconds of search")
    axes.set_ylabel("cost")
    axes.yaxis.set_major_formatter(EngFormatter())
    if costs or bounds:
        legend(axes)


def draw_workers(axes, events):
    """Seconds that each kind of worker had, and what they were good for."""
    results = events.get("result", [])
    workers = results[-1].get("workers", []) if results else []
    workers = sorted(workers, key=lambda account: -account["seconds"])
    for row, account in enumerate(workers):
        axes.barh(row, account["seconds"], color=WORK)
        note = "  " + counted(account["tasks"], "task")
        if account["improvements"]:
            note += ", " + counted(account["improvements"], "better plan")
        if account["gain"]:  # none where there was no plan before, or one with forbidden entries
            note += f", cheaper by {EngFormatter(places=1)(account['gain'])}"
        axes.annotate(note, (account["seconds"], row), va="center", fontsize="small")
    axes.set_yticks(range(len(workers)), [shown(account["worker"]) for account in workers])
    axes.invert_yaxis()
    axes.set_xlim(0, max([account["seconds"] for account in workers], default=1) * 1.6 or 1)
    axes.set_xlabel("seconds of a thread")
    axes.set_title("work by kind", loc="left")
    if not workers:
        axes.text(0.5, 0.5, "none was recorded", ha="center", transform=axes.transAxes)


def draw_memory(axes, events):
    styles = {
        "cheapest strategies": {"color": BEFORE, "label": "before: cheapest\nstrategies"},
        "result": {"color": AFTER, "label": "after: the plan found"},
    }
    memory = events.get("memory", [])
    for event in memory:
        steps = [(step[0], int(step[1])) for step in event["steps"]]
        if steps:
            draw_steps(axes, steps, steps[-1][0], linewidth=0.8, **styles[event["plan"]])
    limit = memory[-1]["usage_limit"] if memory else None
    if limit is not None:
        axes.axhline(limit, color=LIMIT, linestyle="--", label="limit")
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.set_xlabel("program time")
    axes.set_ylabel("memory in use")
    axes.yaxis.set_major_formatter(EngFormatter())
    axes.set_title("memory over the program's time", loc="left")
    if memory:
        legend(axes)


def draw_cost(axes, events):
    names = {"cheapest strategies": "before", "result": "after"}
    costs = events.get("cost", [])
    labels = []
    for row, event in enumerate(costs):
        nodes, edges = int(event["nodes"]), int(event["edges"])
        first = row == 0
        axes.barh(row, nodes, color=NODES, label="of nodes (compute\nand collectives)" if first else None)
        # Costs below zero, if there are any, are drawn from zero to the left.
        start = nodes if (nodes < 0) == (edges < 0) else 0
        axes.barh(row, edges, left=start, color=EDGES, label="of edges (resharding)" if first else None)
        note = f"  {nodes + edges:,}"
        if event["forbidden"]:
            note += f" and {event['forbidden']:,} forbidden"
        axes.annotate(note, (max(start + edges, nodes, 0), row), va="center", fontsize="small")
        labels.append(names.get(event["plan"], event["plan"]))
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.margins(y=0.15)
    least, most = axes.get_xlim()
    axes.set_xlim(min(least, 0), max(most, 0) * 1.5)  # room for the figures
    axes.set_xlabel("cost")
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.set_title("cost by kind", loc="left")
    if costs:
        legend(axes)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    events = read_events(sys.argv[1])
    figure, (search, workers, memory, cost) = plt.subplots(
        4, 1, figsize=(10, 12), height_ratios=(3, 2, 3, 1.6), layout="constrained")
    instance = events["instance"][0]
    figure.suptitle(f"{shown(instance['name'])}: {instance['nodes']:,} nodes, {instance['edges']:,} edges")
    try:
        draw_search(search, events)
        draw_workers(workers, events)
        draw_memory(memory, events)
        draw_cost(cost, events)
    except (ValueError, KeyError, TypeError) as error:
        fail(2, f"{sys.argv[1]}: not a trace of this version ({error})")
    try:
        figure.savefig(sys.argv[2], dpi=120)
    except (OSError, ValueError) as error:
        fail(1, f"{sys.argv[2]}: {error}")


if __name__ == "__main__":
    main()
