"""Logits, loss, gradient norm and twenty steps of training of small Llamas by transformers and torch.

    python Tests/ModelsTests/Goldens/make.py > Tests/ModelsTests/Goldens/llama.json

Weights follow a rule of whole numbers that GoldenTests.swift repeats, so that no weights are stored.
"""

import json
import sys

import numpy
import torch
import transformers

CASES = [
    dict(key_heads=1, tied=False, head_dim=6),
    dict(key_heads=2, tied=True, head_dim=6),
    dict(key_heads=4, tied=False, head_dim=6),
    dict(key_heads=2, tied=False, head_dim=16),
    dict(key_heads=2, tied=False, head_dim=6, bias=True),
    dict(key_heads=1, tied=True, head_dim=6, norms=True),
    dict(key_heads=4, tied=False, head_dim=8, norms=True, bias=True),
    dict(key_heads=2, tied=False, head_dim=16, rope=dict(rope_type="linear", factor=3.0)),
    # Beyond its 6 positions transformers raises theta: for 12 ids and factor 2 by the power of 3,
    # which Kaji's word for it does once and for all.
    dict(key_heads=2, tied=False, head_dim=16, positions=6, rope=dict(rope_type="dynamic", factor=2.0),
         read_as=dict(max_position_embeddings=64,
                      rope_parameters=dict(rope_theta=100.0, rope_type="ntk", factor=3.0))),
    dict(key_heads=2, tied=False, head_dim=16, rope=dict(rope_type="dynamic", factor=2.0)),
    dict(key_heads=2, tied=False, head_dim=16, positions=512, rope=dict(
        rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
        original_max_position_embeddings=64)),
    dict(key_heads=2, tied=False, head_dim=16, positions=256, rope=dict(
        rope_type="yarn", factor=4.0, beta_fast=8.0, original_max_position_embeddings=64)),
    dict(key_heads=1, tied=True, head_dim=16, positions=256, rope=dict(
        rope_type="yarn", factor=4.0, beta_fast=6.0, beta_slow=2.0, truncate=False, mscale=0.7,
        mscale_all_dim=1.2, original_max_position_embeddings=64)),
]
# What the loss of the training has besides the cross-entropy, case by case: z-loss and label smoothing.
TERMS = {1: (0.01, 0.0), 2: (0.0, 0.1), 3: (0.003, 0.05)}
STEPS = 20
IDS = [1, 17, 4, 30, 30, 0, 9, 22, 13, 5, 28, 11]


def numbers(place, count, scale, centre):
    """Whole numbers of 32 bits, mixed twice, as fractions around the centre."""
    mask = numpy.uint64(2**32 - 1)
    x = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(place * 1000003 + 1)) & mask
    for _ in range(2):
        x ^= x >> numpy.uint64(16)
        x = (x * numpy.uint64(0x45D9F3B)) & mask
    x ^= x >> numpy.uint64(16)
    return (x.astype(numpy.float64) / 2**32 - 0.5) * scale + centre


def training(model, z, smoothing):
    """Losses of twenty steps of AdamW, clipped at 1, on the one sequence."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [dict(params=matrices, weight_decay=0.1), dict(params=vectors, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=0.01, betas=(0.9, 0.95), eps=1e-8)
    ids, losses = torch.tensor([IDS]), []
    for step in range(STEPS):
        logits = model(ids).logits[0, :-1]
        loss = torch.nn.functional.cross_entropy(logits, ids[0, 1:], label_smoothing=smoothing)
        loss = loss + z * (torch.logsumexp(logits, -1) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def main():
    results = []
    for index, case in enumerate(CASES):
        norms = case.get("norms", False)
        family = (transformers.Qwen3Config, transformers.Qwen3ForCausalLM) if norms else (
            transformers.LlamaConfig, transformers.LlamaForCausalLM)
        rope = dict(case.get("rope", dict(rope_type="default")))
        rope["rope_theta"] = 100.0 if "rope" in case else 10000.0
        config = family[0](
            vocab_size=31, hidden_size=24, intermediate_size=40, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=case["key_heads"], head_dim=case["head_dim"],
            max_position_embeddings=case.get("positions", 64), rms_norm_eps=1e-5, rope_parameters=rope,
            attention_bias=case.get("bias", False), tie_word_embeddings=case["tied"], attn_implementation="eager")
        model = family[1](config).eval()
        names = [name for name, _ in model.named_parameters()]
        with torch.no_grad():
            for place, name in enumerate(sorted(names)):
                parameter = model.get_parameter(name)
                norm = parameter.dim() == 1
                values = numbers(place, parameter.numel(), 0.4, 1.0 if norm else 0.0)
                parameter.copy_(torch.tensor(values, dtype=torch.float32).view_as(parameter))
        ids = torch.tensor([IDS])
        output = model(ids, labels=ids)
        output.loss.backward()
        norm = sum(float((p.grad.double() ** 2).sum()) for p in model.parameters()) ** 0.5
        logits = [[round(float(x), 6) for x in row] for row in output.logits[0].detach()]
        z, smoothing = TERMS.get(index, (0.0, 0.0))
        results.append(dict(
            case, z_loss=z, label_smoothing=smoothing, training=training(model, z, smoothing), logits=logits,
            config=config.to_dict(), ids=IDS, loss=float(output.loss.detach()), gradient_norm=norm))
    json.dump(dict(
        made_by=f"transformers {transformers.__version__}, torch {torch.__version__}",
        cases=results), sys.stdout, default=str)
    print()


main()
