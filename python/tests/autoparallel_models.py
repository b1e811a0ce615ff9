"""Models of autoparallel's examples, for a machine without a GPU; needs torch.

A fake process group, a mesh of device type "cpu", a cost model that is told to think of an H100, and
the sharding rule that attention lacks on the CPU.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
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


def fake_mesh(sizes):
    """A mesh of as many processes as ``sizes`` says, of which this one is there."""
    count = 1
    for size in sizes:
        count *= size
    torch.distributed.init_process_group("fake", store=FakeStore(), rank=0, world_size=count)
    return init_device_mesh("cpu", sizes, mesh_dim_names=("dp", "tp")[: len(sizes)])
