# Writes members.jsonl.gz (two members, zeros after the second), members.jsonl.bz2 (two streams) and zeros.gz (4 MB of zeros in 4 kB).
# Run as: python make-gzip.py    (Python 3.11, zlib 1.2.13)
import bz2
import gzip
import json

first = "".join(json.dumps({"text": f"島の文書 {i}", "meta": {"n": i}}, ensure_ascii=False) + "\n" for i in range(3))
second = "".join(json.dumps({"text": f"document {i}", "meta": {}}) + "\n" for i in range(3, 400))
with open("members.jsonl.gz", "wb") as file:
    file.write(gzip.compress(first.encode(), mtime=0))
    file.write(gzip.compress(second.encode(), mtime=0))
    file.write(bytes(512))
with open("members.jsonl.bz2", "wb") as file:
    file.write(bz2.compress(first.encode()) + bz2.compress(second.encode()))
with open("zeros.gz", "wb") as file:
    file.write(gzip.compress(bytes(4_000_000), mtime=0))
