#!/usr/bin/env python3
"""The tuner on a Ray cluster:  tune_ray.py STORE FILES_OR_FOLDERS...

    ray submit cluster.yaml tune_ray.py /shared/plans /shared/instances
"""

import sys

import ray

from warpshard.ray import tune

ray.init(address="auto")
for instance in tune(sys.argv[1], sys.argv[2:], seconds=8 * 3600, gap=0.001,
                     on_slice=lambda news: print(news.file, news.cost, news.gap, flush=True)):
    if instance.error:
        print(instance.error, file=sys.stderr)
