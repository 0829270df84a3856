"""One training step of a Llama in PyTorch, timed as `kaji bench train` times its own.

Forward, backward, clipping of the gradient norm at 1.0, AdamW with decay, zeroing; seeded random weights and one
fixed batch; three steps uncounted, then medians. Prints one JSON object.

    python3 train_pytorch.py --shape small --precision fp32 --threads 2 --steps 5 --mode compile
"""

import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

# vocabulary, layers, hidden, feed-forward, heads, key heads, batch, sequence
SHAPES = {
    "tiny": (4096, 4, 256, 688, 8, 4, 8, 256),
    "small": (16384, 8, 512, 1376, 8, 4, 4, 512),
    "bench-150m": (99584, 12, 512, 2048, 8, 8, 2, 512),
}


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, 1e-5)


class Block(nn.Module):
    def __init__(self, hidden, inner, heads, key_heads):
        super().__init__()
        self.heads, self.key_heads, self.head = heads, key_heads, hidden // heads
        self.sizes = [hidden, key_heads * self.head, key_heads * self.head]
        self.inner = inner
        self.norm1, self.norm2 = Norm(hidden), Norm(hidden)
        self.qkv = nn.Linear(hidden, sum(self.sizes), bias=False)
        self.o = nn.Linear(hidden, hidden, bias=False)
        self.gate_up = nn.Linear(hidden, 2 * inner, bias=False)
        self.down = nn.Linear(inner, hidden, bias=False)

    def forward(self, x, cos, sin):
        b, t, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).split(self.sizes, dim=-1)
        q = rotate(q.view(b, t, self.heads, self.head).transpose(1, 2), cos, sin)
        k = rotate(k.view(b, t, self.key_heads, self.head).transpose(1, 2), cos, sin)
        v = v.view(b, t, self.key_heads, self.head).transpose(1, 2)
        group = self.heads // self.key_heads
        if group > 1:
            k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(b, t, -1))
        gate, up = self.gate_up(self.norm2(x)).split([self.inner, self.inner], dim=-1)
        return x + self.down(F.silu(gate) * up)


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class Llama(nn.Module):
    def __init__(self, vocabulary, layers, hidden, inner, heads, key_heads, sequence):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, hidden)
        self.blocks = nn.ModuleList(Block(hidden, inner, heads, key_heads) for _ in range(layers))
        self.norm = Norm(hidden)
        self.head = nn.Linear(hidden, vocabulary, bias=False)
        half = hidden // heads // 2
        angles = torch.outer(
            torch.arange(sequence, dtype=torch.float64),
            10000.0 ** (-torch.arange(half, dtype=torch.float64) / half),
        )
        self.register_buffer("cos", angles.cos().float(), persistent=False)
        self.register_buffer("sin", angles.sin().float(), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                residual = name.endswith(("o.weight", "down.weight"))
                nn.init.normal_(parameter, std=0.02 / (math.sqrt(2 * layers) if residual else 1))

    def forward(self, ids, targets):
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.float().view(-1, logits.shape[-1]), targets.view(-1))


def peak_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    *sizes, batch, sequence = SHAPES[arguments.shape]
    model = Llama(*sizes, sequence)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}],
        lr=1e-3, betas=(0.9, 0.95), eps=1e-8, fused=True,
    )
    forward = torch.compile(model) if arguments.mode == "compile" else model
    ids = torch.randint(sizes[0], (batch, sequence + 1))
    inputs, targets = ids[:, :-1].contiguous(), ids[:, 1:].contiguous()

    losses, seconds = [], []
    for step in range(3 + arguments.steps):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bf16"):
            loss = forward(inputs, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step >= 3:
            seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    print(json.dumps({
        "tokens_per_second": batch * sequence / median,
        "seconds_per_step": median,
        "peak_bytes": peak_bytes(),
        "loss_first": losses[0],
        "loss_last": losses[-1],
        "version": torch.__version__,
    }))


if __name__ == "__main__":
    main()
