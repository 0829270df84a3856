"""Writes metrics.json: what the metrics' own programs say of many pairs of texts.

python -m venv v && v/bin/pip install fuzzywuzzy==0.18.0 Levenshtein==0.27.5 sacrebleu==2.6.0
v/bin/python metrics.py < metrics.json > new.json   (the pairs are read from the old file)
"""

import json
import sys

from fuzzywuzzy import fuzz
from sacrebleu.metrics import BLEU, CHRF


def set_f1(gold, prediction):
    expected = [line.strip() for line in gold.split("\n")]
    predicted = list({line.strip() for line in prediction.split("\n")})
    hits = sum(1 for line in predicted if line in expected)
    precision, recall = hits / len(predicted), hits / len(expected)
    return 2 * (precision * recall) / (precision + recall) if precision + recall != 0 else 0


bleu, chrf = BLEU(effective_order=True), CHRF()
golden = json.load(sys.stdin)
golden["pairs"] = [
    [a, b, fuzz.token_sort_ratio(a, b), set_f1(b, a), bleu.sentence_score(a, [b]).score,
     chrf.sentence_score(a, [b]).score]
    for a, b, *_ in golden["pairs"]
]
json.dump(golden, sys.stdout, indent=0, separators=(",", ":"))
