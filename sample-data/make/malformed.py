"""Lines for tests of the importer: each is good, repairable, bad or blank by the JSON Lines rules we keep."""

import gzip
import json

GOOD, REPAIRABLE, BAD, BLANK = "good", "repairable", "bad", "blank"


def document(text, **meta):
    return json.dumps({"text": text, "meta": meta}, ensure_ascii=False).encode()


# (bytes of the line without its newline, verdict, why)
LINES = [
    (document("一行目は正しい文書です。", id="m1"), GOOD, "an ordinary document"),
    ('{"text": "途中で切れた文書'.encode(), BAD, "the JSON is cut off"),
    (document("切れた行のあとも読み続けます。", id="m3"), GOOD, "an ordinary document after a bad line"),
    (b'{"text": "\xe6\xb5\xff\xfe\x9d", "meta": {}}', REPAIRABLE, "invalid UTF-8 inside the string"),
    ('{"meta": {"id": "m5", "title": "本文がない"}}'.encode(), BAD, "no `text`"),
    ('{"text": "一つめ", "text": "二つめ", "meta": {}}'.encode(), BAD, "the key `text` twice"),
    (b'{"text": 412, "meta": {}}', BAD, "`text` is a number"),
    (b'{"text": null, "meta": {}}', BAD, "`text` is null"),
    (b'{"text": ["a", "b"], "meta": {}}', BAD, "`text` is an array"),
    ('{"text": "ヌル\x00が生で入る", "meta": {}}'.encode(), BAD, "a raw NUL inside the string"),
    (b'{"text": "x", "meta": ' + b"[" * 2000 + b"]" * 2000 + b"}", BAD, "2,000 arrays deep"),
    (b'{"text": "x", "meta": ' + b'{"a":' * 3000, BAD, "3,000 objects deep and cut off"),
    (b"\xef\xbb\xbf" + document("途中の行のBOM", id="m13"), BAD, "a byte-order mark in mid file"),
    (document("行末がCRLFの文書です。", id="m14") + b"\r", GOOD, "CR before LF is white space"),
    (b"", BLANK, "an empty line"),
    (b"   \t ", BLANK, "white space only"),
    (b'{"text": "\\ud83c", "meta": {}}', REPAIRABLE, "half a surrogate pair"),
    (b'{"text": "x", "meta": {},}', BAD, "a comma too many"),
    (b"{'text': 'x'}", BAD, "single quotes"),
    (b'{"text": "x"} {"text": "y"}', BAD, "two objects on one line"),
    (b'["text", "x"]', BAD, "an array, not an object"),
    (b'"text"', BAD, "a string, not an object"),
    (b'{"text": "x", "meta": {"score": NaN}}', BAD, "NaN is not JSON"),
    (b'{"text": "tab\tinside", "meta": {}}', BAD, "a raw control character inside the string"),
    (b'{"text": "bad \\x escape", "meta": {}}', BAD, "an unknown escape"),
    (b'{"text": "x", "meta": {"n": 01}}', BAD, "a number with a leading zero"),
    (b'\x00\x00\x00\x00', BAD, "NUL bytes instead of text"),
    (b"plain words, no JSON at all", BAD, "not JSON"),
    (document("絵文字も🏮結合文字もか\u3099正しい。", id="m29"), GOOD, "emoji and a combining mark"),
    (b'{"text": "\\u6faa\\u6d25\\u5cf6 \\ud83c\\udfee", "meta": {"id": "m30"}}', GOOD, "escapes, a whole pair among them"),
    (b'{"text": "nested", "meta": {"a": ' + b"[" * 20 + b"]" * 20 + b"}}", GOOD, "20 arrays deep"),
    (document("最後の行には改行がありません。", id="m32"), GOOD, "no newline at the end of the file"),
]


def write(folder):
    """Writes the malformed files and what is expected of them."""
    folder.write("malformed/malformed.jsonl", b"\n".join(line for line, _, _ in LINES))
    marked = [document(f"BOMで始まりCRLFで終わる文書の{index}。", id=f"b{index}") + b"\r\n" for index in (1, 2, 3)]
    folder.write("malformed/bom-crlf.jsonl", b"\xef\xbb\xbf" + b"".join(marked))
    whole = gzip.compress(b"\n".join(
        document(f"圧縮された文書{index}。" + "波の音。" * (index % 7), id=f"z{index}")
        for index in range(200)), 9, mtime=0)
    folder.write("malformed/truncated.gz", whole[: len(whole) * 2 // 3])
    expected = {
        "malformed.jsonl": {verdict: [number for number, (_, found, _) in enumerate(LINES, 1)
                                      if found == verdict]
                            for verdict in (GOOD, REPAIRABLE, BAD, BLANK)},
        "bom-crlf.jsonl": {GOOD: [1, 2, 3], REPAIRABLE: [], BAD: [], BLANK: []}}
    folder.write("malformed/expected.json", (json.dumps(expected, indent=1) + "\n").encode())
    table = "\n".join(f"| {number} | {verdict} | {why} |"
                      for number, (_, verdict, why) in enumerate(LINES, 1))
    folder.write("malformed/README.md", (PAGE + table + "\n").encode())


PAGE = """# Malformed lines

Input for tests; nothing here belongs to the corpus. Written by `make/malformed.py` (Apache-2.0).
`expected.json` says the same as this page for programs.

- `malformed.jsonl`: one case a line. A good line is a document. A bad line is no document: it is
  counted and skipped with its number. A repairable line has invalid UTF-8 or half a surrogate pair:
  it is a document once these have become U+FFFD, or else it is skipped. A blank line is none of
  these.
- `bom-crlf.jsonl`: begins with a byte-order mark and ends its lines with CR LF; all three documents
  are good.
- `truncated.gz`: JSON Lines under gzip, cut after two thirds; reading it must fail with one clear
  line.

| line | verdict | why |
|---|---|---|
"""
