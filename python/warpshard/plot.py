"""Results, drawn with matplotlib (``pip install warpshard[plot]``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warpshard.problem import Problem
from warpshard.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_progress(result: Result, ax: Axes | None = None) -> Axes:
    """Cost and bound over time, which has a logarithmic axis: most happens at the beginning.

    Parameters
    ----------
    result : Result
    ax : matplotlib Axes, optional
        Where to draw; default: a new figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    """
    axes: Axes = _axes(ax)
    start = 1e-3  # seconds; nothing is to be seen before
    for name, values in (
        ("cost", [point.cost for point in result.trace]),
        ("bound", [point.bound for point in result.trace]),
    ):
        known = [
            (max(point.seconds, start), float(value))
            for point, value in zip(result.trace, values)
            if value is not None
        ]
        if known:
            times, heights = zip(*known)
            axes.step([*times, result.seconds], [*heights, heights[-1]], where="post", label=name)
    axes.set_xscale("log")
    axes.set_xlabel("seconds")
    axes.set_ylabel("cost")
    axes.set_title(f"{result.status}, cost {result.cost}")
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    return axes


def plot_memory(problem: Problem, result: Result, ax: Axes | None = None) -> Axes:
    """Memory that a result's plan uses over time, against the limit.

    Parameters, returned value and errors are those of :func:`plot_progress`.

    Raises
    ------
    ValueError
        If the result has no plan.
    """
    if result.strategies is None:
        raise ValueError(f"the result ({result.status}) has no plan")
    axes: Axes = _axes(ax)
    times, usages = problem.usage_over_time(result.strategies)
    axes.step(times, [float(usage) for usage in usages], where="post", label="plan")
    if problem.usage_limit is not None:
        axes.axhline(float(problem.usage_limit), color="tab:red", linestyle="--", label="limit")
    axes.set_xlabel("time")
    axes.set_ylabel("memory")
    axes.legend()
    return axes


def _axes(ax: Axes | None) -> Any:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots()[1]
