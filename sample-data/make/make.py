#!/usr/bin/env python3
"""Writes sample-data: generated documents, pairs, tasks, malformed lines, and corpus.json.

    make.py                 writes everything that is generated; hand-written documents stay
    make.py --texts FOLDER  first turns hand-written texts (FOLDER/<name>*.txt) into JSON Lines
    make.py --check         writes nothing; names the files that are not as they would be written

The same seed gives the same bytes. Only Python's standard library, and gzip, are needed.
"""

import gzip
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


class Folder:
    """Where the files go; one that only checks compares instead."""

    def __init__(self, root, checks):
        self.root, self.checks, self.differing = root, checks, []

    def write(self, file, data):
        """Writes bytes, through `gzip -n` where the name asks for it."""
        path = self.root / file
        packed = file.endswith(".jsonl.gz")
        if self.checks:
            # What gzip makes of the same bytes may differ from version to version.
            found = path.read_bytes() if path.exists() else b""
            if (gzip.decompress(found) if packed and found else found) != data:
                self.differing.append(file)
            return
        if packed:
            data = subprocess.run(["gzip", "-n", "-9"], input=data, stdout=subprocess.PIPE,
                                  check=True).stdout
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    def write_records(self, file, records):
        """Writes records as JSON Lines."""
        self.write(file, "".join(json.dumps(record, ensure_ascii=False) + "\n"
                                 for record in records).encode())


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


def write_corpus(folder, texts):
    generated = {}
    for subset, title, text in documents(random.Random(SEED), GENERATED_BYTES, evaluated()):
        generated.setdefault(subset, []).append((title, text))
    for file, subset, _, _, prefix in FILES:
        if prefix is None:
            found, made = generated[subset], "generated"
        elif prefix.startswith("canary"):
            text = (ROOT / "make" / "hand" / f"{prefix}.txt").read_text(encoding="utf-8").rstrip("\n")
            found, made = [("隠し言葉", text)], "hand"
        elif texts:
            found, made = list(hand_written(texts, prefix)), "hand"
        else:
            continue
        if found:
            folder.write_records(file, [record(subset if subset != "canary" else prefix, number, title, text, made)
                        for number, (title, text) in enumerate(found, 1)])
    listed = [{"file": file, "subset": subset, "language": language, "level": level}
              for file, subset, language, level, _ in FILES]
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in listed)
    folder.write("corpus.json", ('{"files": [\n' + rows + "\n]}\n").encode())


def write_tuning(folder):
    folder.write_records("tuning/instructions.jsonl", pairs.instructions(SEED))
    folder.write_records("tuning/preferences.jsonl", pairs.preferences(SEED))
    folder.write_records("tuning/safety.jsonl", pairs.safety())


def write_tasks(folder):
    index = []
    for category, share in tasks.shares(SEED).items():
        dataset, metrics, length, labels, instruction = tasks.TASKS[category]
        body = {"instruction": instruction, "output_length": length, "metrics": metrics,
                "few_shots": [{"input": given, "output": reply} for given, reply, _ in share.shots],
                "samples": [{"input": given, "output": reply} for given, reply, _ in share.samples]}
        folder.write(f"tasks/{dataset}.json",
                     (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())
        index.append({"category": category, "dataset": dataset, "file": f"{dataset}.json",
                      "metric": metrics[0], **({"labels": labels} if labels else {})})
    rows = ",\n".join("  " + json.dumps(row) for row in index)
    folder.write("tasks/index.json", ('{"name": "island", "version": "1", "level": "L1", "tasks": [\n'
                                      + rows + "\n]}\n").encode())


def main():
    option = sys.argv[1] if len(sys.argv) > 1 else ""
    if option not in ("", "--texts", "--check") or (option == "--texts") != (len(sys.argv) == 3):
        sys.exit(__doc__)
    folder = Folder(ROOT, checks=option == "--check")
    write_corpus(folder, Path(sys.argv[2]) if option == "--texts" else None)
    write_tuning(folder)
    write_tasks(folder)
    malformed.write(folder)
    if folder.differing:
        sys.exit("not as the generator writes them: " + ", ".join(folder.differing))


if __name__ == "__main__":
    main()
