#!/usr/bin/env python3
"""Unigram tokenizers of Kaji against SentencePiece's on the same text, in turns, so that both meet the same machine.

    python3 Benchmarks/tokenizer.py train  --kaji .build/release/kaji --peer /path/to/python --text FILE --vocab 32000
    python3 Benchmarks/tokenizer.py encode --kaji .build/release/kaji --peer /path/to/python --text FILE --model FILE

FILE is lines of text; each is a document to Kaji and a sentence to SentencePiece. `train` prints the vocabulary that
both share, the tokens each needs for FILE, seconds and peak memory of the whole process; `encode` prints 10^6 bytes a
second, medians of the turns, of one thread and of two. The peer is a Python with sentencepiece and tokenizers.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

TRAIN = """
import sentencepiece, sys
text, prefix, vocab, threads = sys.argv[1:]
sentencepiece.SentencePieceTrainer.train(
    input=text, model_prefix=prefix, vocab_size=int(vocab), num_threads=int(threads), byte_fallback=True,
    normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
    allow_whitespace_only_pieces=True, user_defined_symbols=["\\n"], pad_id=3, minloglevel=2)
"""

COMPARE = """
import json, sentencepiece, sys
ours, theirs = (sentencepiece.SentencePieceProcessor(model_file=file) for file in sys.argv[2:])
pieces = [{p.id_to_piece(i) for i in range(p.get_piece_size())} for p in (ours, theirs)]
tokens = [0, 0]
for line in open(sys.argv[1], encoding="utf-8", newline="\\n"):
    for index, processor in enumerate((ours, theirs)):
        tokens[index] += len(processor.encode(line.rstrip("\\n")))
print(json.dumps({"shared": len(pieces[0] & pieces[1]) / len(pieces[1]), "tokens": tokens,
                  "ours": sorted(pieces[0] - pieces[1]), "theirs": sorted(pieces[1] - pieces[0])}))
"""

ENCODE = """
import statistics, sys, time
lines = open(sys.argv[2], encoding="utf-8", newline="\\n").read().rstrip("\\n").split("\\n")
if sys.argv[1].endswith(".json"):
    import tokenizers
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    encode = lambda: tokenizer.encode_batch(lines, add_special_tokens=False)
else:
    import sentencepiece
    processor = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
    encode = lambda: processor.encode(lines, num_threads=int(sys.argv[3]))
seconds = []
for _ in range(int(sys.argv[4])):
    start = time.monotonic()
    encode()
    seconds.append(time.monotonic() - start)
print(sum(len(line.encode()) for line in lines) / statistics.median(seconds) / 1e6)
"""


def timed(command, stdin=None):
    """Seconds and peak memory in bytes of a command, and what it wrote."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output, open(stdin or os.devnull, "rb") as source:
        child = subprocess.Popen(command, stdin=source, stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{command[0]} failed with {child.returncode}")
        output.seek(0)
        return time.monotonic() - start, usage.ru_maxrss * 1024, output.read().decode()


def train(arguments):
    runs = {"kaji": [], "peer": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(arguments.turns):
            ours = os.path.join(folder, f"ours{turn}")
            runs["kaji"].append(timed(
                [arguments.kaji, "tokenizer", "train", "--input", "-", "--vocab", str(arguments.vocab), "--out", ours,
                 "--threads", str(arguments.threads), "--quiet", "--json"], stdin=arguments.text))
            theirs = os.path.join(folder, f"theirs{turn}")
            runs["peer"].append(timed(
                [arguments.peer, "-c", TRAIN, arguments.text, theirs, str(arguments.vocab), str(arguments.threads)]))
        compared = json.loads(timed(
            [arguments.peer, "-c", COMPARE, arguments.text, os.path.join(ours, "tokenizer.model"),
             theirs + ".model"])[2])
    if arguments.differences:
        for name in ("ours", "theirs"):
            print(f"{name} alone: " + " ".join(compared[name]))
    middle = {name: [statistics.median(run[i] for run in results) for i in (0, 1)] for name, results in runs.items()}
    inside = statistics.median(json.loads(output)["seconds"] for _, _, output in runs["kaji"])
    ours, theirs = compared["tokens"]
    print("| vocabulary | shared | tokens | of the peer's | Kaji | peer | ratio | Kaji peak | peer peak | ratio |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(f"| {arguments.vocab} | {compared['shared']:.1%} | {ours} | {ours / theirs:.4f} | "
          f"{middle['kaji'][0]:.1f} s ({inside:.1f} s training) | {middle['peer'][0]:.1f} s | "
          f"{middle['peer'][0] / middle['kaji'][0]:.2f} | {middle['kaji'][1] / 1e6:.0f} MB | "
          f"{middle['peer'][1] / 1e6:.0f} MB | {middle['kaji'][1] / middle['peer'][1]:.2f} |")


def encode(arguments):
    print("| threads | Kaji MB/s | peer MB/s | ratio |")
    print("|---|---|---|---|")
    for threads in (1, 2):
        os.environ["RAYON_NUM_THREADS"] = str(threads)
        speeds = {"kaji": [], "peer": []}
        for _ in range(arguments.turns):
            speeds["kaji"].append(json.loads(timed(
                [arguments.kaji, "bench", "tokenize", arguments.model, arguments.text, "--threads", str(threads),
                 "--json"])[2])["megabytes_per_second"])
            speeds["peer"].append(float(timed(
                [arguments.peer, "-c", ENCODE, arguments.peer_model or arguments.model, arguments.text, str(threads),
                 "1"])[2]))
        ours, theirs = (statistics.median(speeds[name]) for name in ("kaji", "peer"))
        print(f"| {threads} | {ours:.1f} | {theirs:.1f} | {ours / theirs:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["train", "encode"])
    parser.add_argument("--kaji", required=True)
    parser.add_argument("--peer", required=True, help="a Python that has sentencepiece and tokenizers")
    parser.add_argument("--text", required=True)
    parser.add_argument("--vocab", type=int, default=32000)
    parser.add_argument("--model", help="a .model, or a tokenizer.json")
    parser.add_argument("--peer-model", help="what the peer reads, if not the same file")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--differences", action="store_true", help="print the pieces that are not shared")
    arguments = parser.parse_args()
    (train if arguments.what == "train" else encode)(arguments)


if __name__ == "__main__":
    main()
