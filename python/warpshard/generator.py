"""Instances of any size: training steps of transformers, sharded over a mesh of devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warpshard import _core
from warpshard.problem import Problem


def generate(
    *, layers: int = 4, mesh: Sequence[int] = (4, 8), seed: int = 1, **options: Any
) -> Problem:
    """The sharding problem of one training step of a transformer.

    Equal arguments make equal problems on every machine.

    Parameters
    ----------
    layers : int, optional
    mesh : sequence of int, optional
        Devices along each of one to three axes.
    seed : int, optional
        Draws layer widths and variants of the architecture.
    **options
        ``target_nodes`` (exact number of nodes, instead of layers), ``batch``, ``sequence``,
        ``hidden``, ``heads``, ``vocabulary``, ``link_bandwidth`` (GB/s per axis), ``link_latency``
        (ns), ``device_teraflops``, ``coupling`` ("free", "follow" or "chain") and ``limit_factor``
        (the limit over the smallest peak found).

    Raises
    ------
    ValueError
        If one is out of range.
    TypeError
        If there is no such option.
    """
    chosen = _core.GeneratorOptions()
    for name, value in {**options, "layers": layers, "mesh": mesh, "seed": seed}.items():
        if name.startswith("_") or not hasattr(chosen, name):
            raise TypeError(f"generate: there is no option {name!r}")
        try:
            setattr(chosen, name, list(value) if isinstance(value, tuple) else value)
        except TypeError:
            raise TypeError(f"generate: {name} cannot be {value!r}") from None
    core, _plan = _core.generate(chosen)
    return Problem(core)
