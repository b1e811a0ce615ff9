#!/usr/bin/env python3
"""A hundred generated instances of several families and sizes:  instances.py FOLDER [COUNT]"""

import itertools
import pathlib
import subprocess
import sys

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"


def generate(folder, count):
    """Writes them; their files."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = itertools.product((1.02, 1.1, 1.3), (1, 2, 6, 16), ("4", "2x4", "4x8"),
                              ("free", "follow", "chain"))
    files = []
    for seed, (factor, layers, mesh, coupling) in zip(range(count), itertools.cycle(kinds)):
        files.append(folder / f"{coupling}-{mesh}-{layers}-{seed}.json.gz")
        subprocess.run([BIN / "warpshard", "generate", files[-1], "--layers", str(layers), "--mesh",
                        mesh, "--coupling", coupling, "--limit-factor", str(factor), "--seed",
                        str(seed)], stdout=subprocess.DEVNULL, check=True)
    return files


if __name__ == "__main__":
    generate(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
