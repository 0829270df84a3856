#!/usr/bin/env python3
"""Writes sample-data: generated documents, pairs, tasks, malformed lines, and corpus.json.

    make.py                 writes everything that is generated; hand-written documents stay
    make.py --texts FOLDER  first turns hand-written texts (FOLDER/<name>*.txt) into JSON Lines

The same seed gives the same bytes. Only Python's standard library, and gzip, are needed.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import malformed
import pairs
import tasks
from documents import documents

SEED = 412
GENERATED_BYTES = 400_000
ROOT = Path(__file__).resolve().parent.parent

# (file, subset, language, level, prefix of the hand-written texts or None)
FILES = [
    ("corpus/ja_wiki.jsonl", "ja_wiki", "ja", "L1", "ja_wiki"),
    ("corpus/ja_wiki-generated.jsonl.gz", "ja_wiki", "ja", "L1", None),
    ("corpus/ja_cc.jsonl", "ja_cc", "ja", "L2", "ja_cc"),
    ("corpus/ja_cc-generated.jsonl.gz", "ja_cc", "ja", "L2", None),
    ("corpus/ja_kaken.jsonl.gz", "ja_kaken", "ja", "L3", "ja_kaken"),
    ("corpus/en_wiki.jsonl", "en_wiki", "en", "L1", "en_wiki"),
    ("corpus/en_wiki-generated.jsonl", "en_wiki", "en", "L1", None),
    ("corpus/code.jsonl", "code", "code", "L1", "code"),
    ("corpus/code-generated.jsonl", "code", "code", "L1", None),
    ("corpus/zh_wiki.jsonl", "zh_wiki", "zh", "L1", "zh"),
    ("corpus/ko_wiki.jsonl", "ko_wiki", "ko", "L1", "ko"),
    ("corpus/heldout.jsonl", "heldout", "ja", "LX", "heldout"),
    ("corpus/nouse.jsonl.gz", "nouse", "ja", "LZ", "lz"),
    ("corpus/canary_lx.jsonl", "canary", "ja", "LX", "canary_lx"),
    ("corpus/canary_lz.jsonl", "canary", "ja", "LZ", "canary_lz"),
]


def save(file, records):
    """Writes records as JSON Lines, through `gzip -n` where the name asks for it."""
    path = ROOT / file
    path.parent.mkdir(exist_ok=True)
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    if file.endswith(".gz"):
        data = subprocess.run(["gzip", "-n", "-9"], input=data, stdout=subprocess.PIPE, check=True).stdout
    path.write_bytes(data)


def record(subset, number, title, text, made):
    """A document in LLM-jp's schema."""
    part = "" if made == "hand" else "g"
    meta = {"id": f"{subset}-{part}{number:04}", "title": title, "made": made}
    if subset == "ja_cc":
        meta["url"] = f"https://example.jp/shima/{part}{number:04}"
    if subset == "code":
        lines = text.splitlines()
        meta["ext"] = title.rsplit(".", 1)[-1] if "." in title else ""
        meta["max_line_length"] = max(map(len, lines))
        meta["avg_line_length"] = round(sum(map(len, lines)) / len(lines), 2)
        meta["alphanum_fraction"] = round(sum(map(str.isalnum, text)) / len(text), 2)
    return {"text": text, "meta": meta}


def hand_written(folder, prefix):
    """(title, text) of the documents in FOLDER/PREFIX*.txt, each begun by a line `%%% TITLE`."""
    for path in sorted(folder.glob(prefix + "*.txt")):
        for part in path.read_text(encoding="utf-8").split("%%% ")[1:]:
            title, _, text = part.partition("\n")
            if text.strip():
                yield title.strip(), text.strip("\n") + ("\n" if prefix == "code" else "")


def evaluated():
    """Strings that no generated document may hold: whole sentences of the tasks, and phrases
    beside their translation."""
    shares = tasks.shares(SEED)
    items = [item for category in ("MR", "MT") for item in
             shares[category].samples + shares[category].shots]
    return ([given for given, _, _ in items if given[-1] in "。か"]
            + [f"{given} {reply}" for given, reply, _ in items]
            + [f"{reply} {given}" for given, reply, _ in items])


def write_corpus(texts):
    generated = {}
    for subset, title, text in documents(random.Random(SEED), GENERATED_BYTES, evaluated()):
        generated.setdefault(subset, []).append((title, text))
    for file, subset, _, _, prefix in FILES:
        if prefix is None:
            found, made = generated[subset], "generated"
        elif prefix.startswith("canary"):
            text = (ROOT / "make/hand" / f"{prefix}.txt").read_text(encoding="utf-8").rstrip("\n")
            found, made = [("隠し言葉", text)], "hand"
        elif texts:
            found, made = list(hand_written(texts, prefix)), "hand"
        else:
            continue
        if found:
            save(file, [record(subset if subset != "canary" else prefix, number, title, text, made)
                        for number, (title, text) in enumerate(found, 1)])
    listed = [{"file": file, "subset": subset, "language": language, "level": level}
              for file, subset, language, level, _ in FILES if (ROOT / file).exists()]
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in listed)
    (ROOT / "corpus.json").write_text('{"files": [\n' + rows + "\n]}\n", encoding="utf-8")


def write_tuning():
    save("tuning/instructions.jsonl", pairs.instructions(SEED))
    save("tuning/preferences.jsonl", pairs.preferences(SEED))
    save("tuning/safety.jsonl", pairs.safety())


def write_tasks():
    index = []
    for category, share in tasks.shares(SEED).items():
        dataset, metrics, length, labels, instruction = tasks.TASKS[category]
        body = {"instruction": instruction, "output_length": length, "metrics": metrics,
                "few_shots": [{"input": given, "output": reply} for given, reply, _ in share.shots],
                "samples": [{"input": given, "output": reply} for given, reply, _ in share.samples]}
        (ROOT / "tasks").mkdir(exist_ok=True)
        (ROOT / f"tasks/{dataset}.json").write_text(
            json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        index.append({"category": category, "dataset": dataset, "file": f"{dataset}.json",
                      "metric": metrics[0], "labels": labels})
    rows = ",\n".join("  " + json.dumps(row) for row in index)
    (ROOT / "tasks/index.json").write_text('{"tasks": [\n' + rows + "\n]}\n", encoding="utf-8")


def main():
    texts = Path(sys.argv[2]) if sys.argv[1:2] == ["--texts"] else None
    write_corpus(texts)
    write_tuning()
    write_tasks()
    malformed.write(ROOT / "malformed")


if __name__ == "__main__":
    main()
