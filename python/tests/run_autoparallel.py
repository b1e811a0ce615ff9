"""autoparallel's own examples, solved by its solver and by warpshard; needs torch and a checkout.

    PYTHONPATH=AUTOPARALLEL python run_autoparallel.py {block,llama} [--layers N] [--mesh 8x8]

Runs without a GPU: a fake process group, a mesh of device type "cpu", a cost model that is told to
think of an H100. Prints one JSON object: objectives, violated constraints, seconds, what-if.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time

import pulp
import torch
import warpshard.autoparallel
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy
from torch.distributed.tensor._ops._matrix_ops import (
    _ShardingPlaceholder,
    register_single_dim_strategy,
)
from torch.distributed.tensor.placement_types import Replicate, Shard
from torch.testing._internal.distributed.fake_pg import FakeStore
from torch.utils import flop_counter

torch.cuda.get_device_name = lambda *_: "H100"
torch.cuda.get_device_capability = lambda *_: (9, 0)

FORWARD = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
BACKWARD = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


@register_single_dim_strategy(FORWARD.default)
def _attention(_op, _arguments, _keywords):
    """As the CUDA twin's: over heads or over the batch."""
    return [[_ShardingPlaceholder(dimension)] * 5 for dimension in (1, 0)]


@register_single_dim_strategy(BACKWARD.default)
def _attention_backward(_op, _arguments, _keywords):
    return [[_ShardingPlaceholder(dimension)] * 9 for dimension in (1, 0)]


flop_counter.flop_registry[FORWARD] = flop_counter.flop_registry[
    torch.ops.aten._scaled_dot_product_flash_attention
]
flop_counter.flop_registry[BACKWARD] = flop_counter.flop_registry[
    torch.ops.aten._scaled_dot_product_flash_attention_backward
]


class Block(nn.Module):
    """The transformer block of autoparallel's example."""

    def __init__(self, heads: int, width: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        for name in ("wq", "wk", "wv", "wo"):
            setattr(self, name, nn.Linear(width, width, bias=False))
        self.w1 = nn.Linear(width, hidden, bias=False)
        self.w2 = nn.Linear(hidden, width, bias=False)

    def init_weights(self) -> None:
        for layer in self.children():
            nn.init.normal_(layer.weight)

    def forward(self, x):
        q, k, v = (
            weight(x).unflatten(-1, (self.heads, -1)).permute(0, 2, 1, 3)
            for weight in (self.wq, self.wk, self.wv)
        )
        attention = nn.functional.scaled_dot_product_attention(q, k, v)
        residual = self.wo(attention.permute(0, 2, 1, 3).flatten(-2)) + x
        return residual + self.w2(nn.functional.relu(self.w1(residual)))


def block(mesh):
    with torch.device("meta"):
        model = Block(48, 6144, 4 * 6144)
    batch = 8 * mesh.shape[0]
    return model, lambda: torch.rand(batch, 256, 6144), (Shard(0),), {}


def llama(mesh, layers):
    from autoparallel._testing.models.llama3 import Transformer, TransformerModelArgs

    vocabulary, length = 128256, 8192
    with torch.device("meta"):
        model = Transformer(
            TransformerModelArgs(
                dim=4096,
                n_layers=layers,
                n_heads=32,
                n_kv_heads=8,
                ffn_dim_multiplier=1.3,
                multiple_of=1024,
                rope_theta=500000,
                vocab_size=vocabulary,
                max_seq_len=length,
            )
        )
    batch = 2 * mesh.shape[0]
    output = (Shard(0), Shard(2)) if mesh.ndim == 2 else (Shard(0),)
    return (
        model,
        lambda: torch.randint(0, vocabulary, (batch, length)),
        output,
        {"repeated_subgraphs": True},
    )


def padded(placements, mesh):
    return placements + (Replicate(),) * (mesh.ndim - len(placements))


def measure(optimizer, solve):
    """Solves, and looks at what that left in the optimiser's own program."""
    begin = time.perf_counter()
    solve()
    seconds = time.perf_counter() - begin
    violated = [name for name, c in optimizer.prob.constraints.items() if not c.valid(1e-6)]
    keys = json.dumps(sorted(optimizer.selected_keys)).encode()
    return {
        "objective": pulp.value(optimizer.prob.objective),
        "violated": len(violated),
        "seconds": round(seconds, 3),
        "plan": hashlib.sha256(keys).hexdigest()[:16],
        "log_lines": len(optimizer.get_log().splitlines()),
    }


def what_if(optimizer, solution):
    """Forces a node to a placement that it did not choose, solves, and takes that back."""
    for node, chosen in middle_first(list(solution.items())):
        placements = getattr(chosen.output_specs, "placements", None)
        others = [
            strategy.output_specs.placements
            for strategy in optimizer.get_strategy(node).strategies
            if getattr(strategy.output_specs, "placements", placements) != placements
        ]
        if node.op != "call_function" or not others:
            continue
        names = optimizer.add_node_constraint(node, others[0], "user_constraint")
        try:
            return {"node": node.name, **measure(optimizer, optimizer.resolve)}
        except RuntimeError:
            continue
        finally:
            optimizer.remove_constraints(names)
    return None


def middle_first(items):
    """From the middle outwards: the ends are tied to inputs and outputs."""
    order = sorted(range(len(items)), key=lambda at: abs(at - len(items) // 2))
    return [items[at] for at in order]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["block", "llama"])
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--mesh", default="8x8")
    parser.add_argument("--only-ours", action="store_true")
    arguments = parser.parse_args()
    sizes = tuple(map(int, arguments.mesh.split("x")))
    size = 1
    for count in sizes:
        size *= count
    torch.distributed.init_process_group("fake", store=FakeStore(), rank=0, world_size=size)
    mesh = init_device_mesh("cpu", sizes, mesh_dim_names=("dp", "tp")[: len(sizes)])
    from autoparallel.api import AutoParallel

    if arguments.model == "block":
        model, inputs, output, options = block(mesh)
    else:
        model, inputs, output, options = llama(mesh, arguments.layers)
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    begin = time.perf_counter()
    with AutoParallel(model, inputs, mesh, policy, **options) as auto:
        auto.add_parameter_memory_constraint(low=None, high=None)
        auto.add_input_constraints([padded((Shard(0),), mesh)])
        auto.add_output_constraints([padded(output, mesh)])
        optimizer = auto.sharding_optimizer
        report = {"model": vars(arguments), "variables": len(optimizer.pulp_variables)}
        report["built_in"] = round(time.perf_counter() - begin, 1)
        optimizer._set_objective()
        if not arguments.only_ours:
            report["cbc"] = measure(optimizer, optimizer._solve)
            report["cbc_what_if"] = what_if(optimizer, optimizer.resolve())
        warpshard.autoparallel.install()
        report["warpshard"] = measure(optimizer, optimizer._solve)
        report["warpshard_what_if"] = what_if(optimizer, optimizer.resolve())
        report["again"] = measure(optimizer, optimizer.resolve)
        report["applied"] = type(auto.apply_placement(optimizer.resolve())).__name__
    print(json.dumps(report))


if __name__ == "__main__":
    main()
