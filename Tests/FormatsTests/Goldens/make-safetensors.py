# Writes peer.safetensors with the reference implementation: safetensors 0.8.0, torch 2.15.0.
# Run as: python make-safetensors.py
import torch
from safetensors.torch import save_file

save_file(
    {
        "b.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4 - 0.5,
        "a.bf16": torch.tensor([1.0, -2.5, 3.140625, float("inf")], dtype=torch.bfloat16),
        "c.f16": torch.tensor([[0.5], [65504.0], [5.960464477539063e-08]], dtype=torch.float16),
        "d.f64": torch.tensor([1e-3, -7.25], dtype=torch.float64),
        "e.scalar": torch.tensor(2.0),
        "f.empty": torch.zeros(0, 4),
        "g.ids": torch.tensor([1, -1], dtype=torch.int64),
    },
    "peer.safetensors",
    metadata={"format": "pt"},
)
