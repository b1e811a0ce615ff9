#!/usr/bin/env python3
"""A hundred generated instances of several families and sizes:  instances.py FOLDER [COUNT]"""

import itertools
import pathlib
import subprocess
import sys

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/warpshard"


def main():
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    folder.mkdir(parents=True, exist_ok=True)
    kinds = itertools.product((1.02, 1.1, 1.3), (1, 2, 6, 16), ("4", "2x4", "4x8"),
                              ("free", "follow", "chain"))
    for seed, (factor, layers, mesh, coupling) in zip(range(count), itertools.cycle(kinds)):
        subprocess.run([BIN, "generate", folder / f"{coupling}-{mesh}-{layers}-{seed}.json.gz",
                        "--layers", str(layers), "--mesh", mesh, "--coupling", coupling,
                        "--limit-factor", str(factor), "--seed", str(seed)],
                       stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
