"""Losses of twenty updates of a small Llama with each optimiser, in float64 by PyTorch.

    python3 Benchmarks/loss_curves.py > Tests/ModelsTests/Goldens/loss_curves.json

The model is transformers'; weights follow the rule of whole numbers that Tests/ModelsTests/Goldens/make.py gives. AdamW is
PyTorch's, the other rules are written out here from their papers.
"""

import json
import sys

import numpy
import torch
import transformers

CASES = [
    dict(optimizer="adamw", learning_rate=0.003, tied=False, key_heads=2),
    dict(optimizer="adamw", learning_rate=0.003, tied=True, key_heads=4),
    dict(optimizer="lion", learning_rate=0.001, tied=False, key_heads=2),
    dict(optimizer="sgd", learning_rate=0.05, tied=False, key_heads=1),
    dict(optimizer="muon", learning_rate=0.003, tied=False, key_heads=2),
]
BETAS, MOMENTUM, EPSILON, DECAY, CLIP = (0.9, 0.95), 0.95, 1e-8, 0.1, 1.0
SEQUENCES = [[(5 * i * i + 3 * i * (s + 1) + 7 * s) % 31 for i in range(13)] for s in range(2)]


def numbers(place, count, scale, centre):
    """Whole numbers of 32 bits, mixed twice, as fractions around the centre."""
    mask = numpy.uint64(2**32 - 1)
    x = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(place * 1000003 + 1)) & mask
    for _ in range(2):
        x ^= x >> numpy.uint64(16)
        x = (x * numpy.uint64(0x45D9F3B)) & mask
    x ^= x >> numpy.uint64(16)
    return (x.astype(numpy.float64) / 2**32 - 0.5) * scale + centre


def build(case):
    config = transformers.LlamaConfig(
        vocab_size=31, hidden_size=24, intermediate_size=40, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=case["key_heads"], head_dim=6,
        max_position_embeddings=64, rms_norm_eps=1e-5, tie_word_embeddings=case["tied"],
        attn_implementation="eager")
    model = transformers.LlamaForCausalLM(config).double().train()
    with torch.no_grad():
        for place, name in enumerate(sorted(name for name, _ in model.named_parameters())):
            parameter = model.get_parameter(name)
            values = numbers(place, parameter.numel(), 0.4, 1.0 if parameter.dim() == 1 else 0.0)
            values = values.astype(numpy.float32).astype(numpy.float64)
            parameter.copy_(torch.tensor(values).view_as(parameter))
    return config, model


def orthogonal(g):
    x = g / (g.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x


class Rule:
    """Lion, SGD with momentum and Muon, with decoupled decay."""

    def __init__(self, kind, parameters, rate):
        self.kind, self.parameters, self.rate = kind, parameters, rate
        self.moments = [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self):
        for p, m in zip(self.parameters, self.moments):
            g = p.grad
            if self.kind == "lion":
                direction = (BETAS[0] * m + (1 - BETAS[0]) * g).sign()
                m.mul_(BETAS[1]).add_((1 - BETAS[1]) * g)
            elif self.kind == "sgd":
                direction = m.mul_(MOMENTUM).add_(g).clone()
            else:
                m.mul_(MOMENTUM).add_(g)
                direction = 0.2 * max(p.shape) ** 0.5 * orthogonal(g + MOMENTUM * m)
            decay = DECAY if p.dim() == 2 else 0.0
            p.sub_(self.rate * (direction + decay * p))


def optimizers(case, model):
    everything = list(model.named_parameters())
    kind, rate = case["optimizer"], case["learning_rate"]
    mine = [] if kind == "adamw" else [
        p for name, p in everything
        if kind != "muon" or (p.dim() == 2 and "embed_tokens" not in name and "lm_head" not in name)]
    rest = [p for _, p in everything if not any(p is q for q in mine)]
    rules = [Rule(kind, mine, rate)] if mine else []
    if rest:
        rules.append(torch.optim.AdamW(
            [dict(params=[p for p in rest if p.dim() == 2], weight_decay=DECAY),
             dict(params=[p for p in rest if p.dim() == 1], weight_decay=0.0)],
            lr=rate, betas=BETAS, eps=EPSILON))
    return rules


def main():
    results = []
    for case in CASES:
        config, model = build(case)
        rules = optimizers(case, model)
        ids = torch.tensor(SEQUENCES)
        losses = []
        for _ in range(20):
            logits = model(ids[:, :-1]).logits
            loss = torch.nn.functional.cross_entropy(logits.reshape(-1, 31), ids[:, 1:].reshape(-1))
            model.zero_grad()
            loss.backward()
            norm = sum(float((p.grad**2).sum()) for p in model.parameters()) ** 0.5
            factor = min(1.0, CLIP / (norm + 1e-6))
            for p in model.parameters():
                p.grad.mul_(factor)
            for rule in rules:
                rule.step()
            losses.append(loss.item())
        keep = ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                "num_attention_heads", "num_key_value_heads", "head_dim", "rms_norm_eps",
                "max_position_embeddings", "tie_word_embeddings"]
        results.append(dict(
            case, config={key: getattr(config, key) for key in keep}, sequences=SEQUENCES,
            losses=[round(x, 9) for x in losses]))
    json.dump(dict(
        made_by=f"transformers {transformers.__version__}, torch {torch.__version__}, float64",
        cases=results), sys.stdout)
    print()


main()
