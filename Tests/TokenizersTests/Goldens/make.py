"""Makes the goldens of this folder with the peers.

python make.py training   training.json: what spm_train learns from training.txt
python make.py templates  templates.json: chat templates as transformers renders them
python make.py llmjp DATA llm-jp.json: ids of hostile text under LLM-jp's tokenizers (DATA: shared/data/tokenizers)
python make.py small DIR  small.json: the same under a tokenizer folder that Kaji wrote

Made with sentencepiece 0.2.3, transformers 5.24.0, tokenizers 0.23.3, jinja2 3.1.6.
"""
import json, os, random, sys, tempfile

FIXED = ["", " ", "  ", "\n", "\n\n", " \n ", "\t", "a", "▁", "▁▁", " ▁ ", "\u0000", "a\u0000b",
  "か\u3099", "が", "ﾊﾞｶﾞ", "👨‍👩‍👧‍👦", "🏳️‍🌈", "é", "e\u0301", "\u0301", "\u3099", "<s>", "</s>", "<unk>",
  "<0x41>", "a<0x0A>b", "<pad>", "x</s>y", "𠮷野家", "\ufffd", "\ufeff", "\u202eabc", "ﬁ", "①㈱",
  "　全角　空白　", "12345678901234567890", "3.14159", "foo_bar(baz[0]);\n\treturn x;\n}", "a" * 300,
  "あ" * 200, "wwww" * 50, " " * 60, "\n" * 20, "　" * 30, "한국어 텍스트", "简体中文文本", "עברית",
  "नमस्ते", "\r\n", "a\rb", "\x7f\x80\u0085", "\U0010ffff", "\ue000", " a  b   c    d", "### 指示:\n",
  "。、！？「」", "ー〜～", "霧坂の朝は、霧染めの藍がいちばん深い。", "The Mist Comet returns every 37 years."]

def hostile():
    r = random.Random(1)
    points = list(range(0x20, 0x7f)) + list(range(0x3041, 0x3097)) + list(range(0x30a1, 0x30fb))
    points += [random.Random(7).randint(0x4e00, 0x9fff) for _ in range(200)]
    points += [0x0a, 0x09, 0x20, 0x20, 0x2581, 0x300, 0x3099, 0x200d, 0xfe0f, 0x1f600, 0x20000, 0xac00, 0xff76, 0xff9e]
    lines = list(FIXED)
    lines += ["".join(chr(r.choice(points)) for _ in range(r.randint(1, 40))) for _ in range(60)]
    for _ in range(40):
        text = [r.randint(0, 0x10ffff) if r.random() < .3 else r.randint(0, 0xffff) for _ in range(r.randint(1, 15))]
        lines.append("".join(chr(c) for c in text if not 0xd800 <= c < 0xe000))
    return lines

def write(name, value):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        json.dump(value, f, ensure_ascii=True, indent=0)
        f.write("\n")

def training():
    import sentencepiece
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as d:
        prefix = os.path.join(d, "m")
        sentencepiece.SentencePieceTrainer.train(
            input=os.path.join(here, "training.txt"), model_prefix=prefix, vocab_size=1500, byte_fallback=True,
            normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
            allow_whitespace_only_pieces=True, user_defined_symbols=["\n"], pad_id=3, num_threads=1, minloglevel=2)
        p = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
    lines = open(os.path.join(here, "training.txt"), encoding="utf-8").read().split("\n")
    write("training.json", {"pieces": [p.id_to_piece(i) for i in range(p.get_piece_size())],
                            "tokens": sum(len(p.encode(l)) for l in lines)})

def templates():
    from transformers.utils.chat_template_utils import _compile_jinja_template
    from templates_input import CASES
    out = []
    for name, source, variables in CASES:
        try: text = _compile_jinja_template(source).render(**variables)
        except Exception as e: text = None
        out.append({"name": name, "source": source, "variables": variables, "text": text})
    write("templates.json", out)

def llmjp(data):
    import sentencepiece
    from transformers import PreTrainedTokenizerFast
    v3 = sentencepiece.SentencePieceProcessor(model_file=data + "/llm-jp-tokenizer-100k.ver3.0b1.model")
    v2 = sentencepiece.SentencePieceProcessor(model_file=data + "/llm-jp-code10K_en20K_ja30K.ver2.2.model")
    hf = PreTrainedTokenizerFast(tokenizer_file=data + "/llm-jp-code10K_en20K_ja30K.ver2.2.tokenizer.json")
    write("llm-jp.json", [{"text": l, "v3": v3.encode(l), "v3_text": v3.decode(v3.encode(l)), "v2": v2.encode(l),
      "hf": hf.encode(l), "hf_text": hf.decode(hf.encode(l), skip_special_tokens=True)} for l in hostile()])

def small(folder):
    import sentencepiece
    from transformers import AutoTokenizer
    sp = sentencepiece.SentencePieceProcessor(model_file=folder + "/tokenizer.model")
    hf = AutoTokenizer.from_pretrained(folder)
    chat = [{"role": "user", "content": "霧坂とは？"}, {"role": "assistant", "content": "高原の町です。"},
            {"role": "user", "content": "海は？"}]
    write("small.json", {"lines": [{"text": l, "spm": sp.encode(l), "spm_text": sp.decode(sp.encode(l)),
      "hf": hf.encode(l), "hf_text": hf.decode(hf.encode(l), skip_special_tokens=True),
      "hf_all": hf.decode(hf.encode(l))} for l in hostile()],
      "chat": hf.apply_chat_template(chat, tokenize=False, add_generation_prompt=True),
      "chat_ids": hf.apply_chat_template(chat, add_generation_prompt=True, return_dict=False)})

if __name__ == "__main__":
    {"training": training, "templates": templates, "llmjp": llmjp, "small": small}[sys.argv[1]](*sys.argv[2:])
