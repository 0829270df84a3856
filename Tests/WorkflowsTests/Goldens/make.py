"""Opens a checkpoint of Kaji with transformers and writes what it computes.

    KAJI_PEER_CHECKPOINT=/tmp/peer-checkpoint scripts/test --filter PeerTests    # writes the checkpoint
    python Tests/WorkflowsTests/Goldens/make.py /tmp/peer-checkpoint > Tests/WorkflowsTests/Goldens/peer.json

Any other checkpoint may be named too. peer.json was made with the versions it names.
"""

import hashlib
import json
import sys

import tokenizers
import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

TEXTS = [
    "霧坂の塩は春に作られる。",
    "澪都の古い橋は\n夜に見える。\n",
    "Fog and salt, 37 years  later\tend.",
    "絵文字😀と結合文字が゙、全角ＡＢＣ",
    "</s><s> <0x41> ▁ や",
    " 始まりの空白",
    "",
]
CHATS = [
    [{"role": "user", "content": "霧坂の塩はいつ作られる?"}],
    [
        {"role": "system", "content": "短く答えよ。"},
        {"role": "user", "content": "塩は?"},
        {"role": "assistant", "content": "春。"},
        {"role": "user", "content": "橋は?\nいつ?"},
    ],
]


def answers(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    chats = [
        tokenizer(
            tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True),
            add_special_tokens=False,
        ).input_ids
        for chat in CHATS
    ]
    cases = []
    for text, ids in [(text, tokenizer(text).input_ids) for text in TEXTS] + [
        (None, ids) for ids in chats
    ]:
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0].double()
        scores = torch.log_softmax(logits, -1)
        cases.append(
            {
                "text": text,
                "ids": ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
                "scores": [float(f"{scores[i, t]:.7g}") for i, t in enumerate(ids[1:])],
                "logits": [float(f"{x:.7g}") for x in logits[-1][:64]],
            }
        )
    with open(f"{folder}/model.safetensors", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {
        "versions": {
            "transformers": transformers.__version__,
            "tokenizers": tokenizers.__version__,
            "torch": torch.__version__,
        },
        "model": type(model).__name__,
        "tokenizer": type(tokenizer).__name__,
        "special": [tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id],
        "sha256": digest,
        "texts": TEXTS,
        "chats": CHATS,
        "cases": cases,
    }


print(json.dumps(answers(sys.argv[1]), ensure_ascii=False, indent=1))
