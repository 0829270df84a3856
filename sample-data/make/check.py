#!/usr/bin/env python3
"""Measures sample-data: sizes, the xz ratio of the training text, and 24 characters shared where
no text may be shared. The Swift tests hold the set to the same; this is the quick look while writing."""

import gzip
import json
import lzma
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINDOW = 24


def read(file):
    data = (ROOT / file).read_bytes()
    if file.endswith(".gz"):
        data = gzip.decompress(data)
    return [json.loads(line) for line in data.decode().splitlines()]


def windows(text):
    return {text[start:start + WINDOW] for start in range(len(text) - WINDOW + 1)}


def strings(value):
    """Every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def main():
    sources, training, made = [], [], {}
    for entry in json.loads((ROOT / "corpus.json").read_text())["files"]:
        records = read(entry["file"])
        texts = [record["text"] for record in records]
        size = sum(len(text.encode()) for text in texts)
        for record in records:
            kind = (entry["level"], record["meta"]["made"])
            made[kind] = made.get(kind, 0) + len(record["text"].encode())
        text = "\n".join(texts).encode()
        print(f"{entry['file']:36} {entry['level']} {len(texts):5} documents {size:8} bytes  xz {len(lzma.compress(text, preset=9)) / len(text):.3f}")
        sources += [(entry["level"], record["meta"]["id"], record["text"]) for record in records]
        if entry["level"] in ("L1", "L2", "L3"):
            training += texts
    for file in sorted((ROOT / "tuning").glob("*.jsonl")):
        sources += [("pairs", file.name, text) for record in read(f"tuning/{file.name}") for text in strings(record)]
    for file in sorted((ROOT / "tasks").glob("*.json")):
        sources += [("tasks", file.name, text) for text in strings(json.loads(file.read_text()))]
    text = "\n".join(training).encode()
    print(f"training text {len(text)} bytes, xz -9 {len(lzma.compress(text, preset=9)) / len(text):.4f}")
    print("made:", made)
    total = sum(path.stat().st_size for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in str(path))
    print(f"all of sample-data {total} bytes")

    shared = 0
    for level in ("L3", "LX", "LZ"):
        guarded = {}
        for at, name, text in sources:
            if at == level:
                for window in windows(text):
                    guarded[window] = name
        for at, name, text in sources:
            if at != level:
                start = 0
                while start <= len(text) - WINDOW:
                    window = text[start:start + WINDOW]
                    if window in guarded:
                        end = start + WINDOW
                        while text[end - WINDOW + 1:end + 1] in guarded and end < len(text):
                            end += 1
                        shared += 1
                        print(f"{level} {guarded[window]} shares with {at} {name}: {text[start:end]!r}")
                        start = end
                    start += 1
    print(f"{shared} stretches shared")

    corpus = "\n".join(text for at, _, text in sources if at.startswith("L"))
    pairs = {record["input"] or record["instruction"] for record in read("tuning/instructions.jsonl")}
    for file in sorted((ROOT / "tasks").glob("island_*.json")):
        task = json.loads(file.read_text())
        inputs = [item["input"] for item in task["samples"] + task["few_shots"]]
        found = sum(item in corpus for item in inputs)
        print(f"{file.name}: {len(task['samples'])} samples, in pairs {sum(item in pairs for item in inputs)}, "
              f"distinct {len(set(inputs))}, in the corpus {found}")


if __name__ == "__main__":
    main()
