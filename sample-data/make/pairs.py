"""Tuning pairs, preference pairs and safety pairs, by hand (hand/*.tsv) and from the tables."""

import random
from pathlib import Path

from facts import HISTORY, NATURE, NOW, PEOPLE, TOWNS
from sentences import courteous
from tasks import TASKS, shares

GENERATED_CHAT, PREFERENCES = 120, 220
HAND = Path(__file__).parent / "hand"

# harm type: risk area, as AnswerCarefully and Do-Not-Answer group them.
RISK_AREAS = {
    "個人情報漏洩": "情報の危険", "組織・国家機密漏洩": "情報の危険",
    "違法行為への加担": "悪用", "非倫理的行為への加担": "悪用", "偽情報拡散への加担": "悪用",
    "ステレオタイプ・差別の助長": "差別・有害", "ヘイトスピーチ": "差別・有害", "アダルト": "差別・有害",
    "誤情報による実被害": "誤情報", "誤情報の拡散": "誤情報",
    "メンタルヘルス": "人とAIの関わり", "AIの擬人化": "人とAIの関わり",
}


def rows(name):
    """The rows of a hand-written table."""
    text = (HAND / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def chat(random):
    """Endless (question, answer, wrong answer) in full sentences."""
    while True:
        town, other = random.sample(TOWNS, 2)
        t, o = town.name.ja, other.name.ja
        person, another = random.sample(PEOPLE, 2)
        deed = f"{person.object}を{courteous(person.verb)}"
        word, kind, where, remark = random.choice(NATURE)
        year, noun, _, _ = random.choice(HISTORY)
        yield random.choice([
            (f"{t}の名物料理は何でしょうか。", f"{town.dish.ja}です。{t}の店で食べられます。", f"{other.dish.ja}です。{t}の店で食べられます。"),
            (f"{t}のおいしい物を知りたいです。", f"{t}なら{town.dish.ja}がおすすめです。", f"{t}なら{other.dish.ja}がおすすめです。"),
            (f"{t}ではどんな工芸が盛んですか。", f"{town.craft.ja}が盛んです。職人が手で作っています。", f"{other.craft.ja}が盛んです。職人が手で作っています。"),
            (f"{t}で買えるお土産は？", f"{town.craft.ja}や{town.product.ja}が買えます。", f"{other.craft.ja}や{other.product.ja}が買えます。"),
            (f"{t}ではいつ祭りがありますか。", f"{town.month}月に{town.festival.ja}があります。", f"{other.month}月に{other.festival.ja}があります。"),
            (f"{town.festival.ja}はどこで見られますか。", f"{t}で見られます。{town.month}月の行事です。", f"{o}で見られます。{other.month}月の行事です。"),
            (f"{t}がどこにあるか教えてください。", f"{t}は{town.place.ja}にあります。", f"{t}は{other.place.ja}にあります。"),
            (f"{t}の人口を教えてください。", f"{t}には{town.population:,}人が暮らしています。", f"{t}には{other.population:,}人が暮らしています。"),
            (f"{t}はいつ開かれましたか。", f"{t}は澪暦{town.founded}年に{town.founder.ja}が開きました。",
             f"{t}は澪暦{other.founded}年に{other.founder.ja}が開きました。"),
            (f"{t}の名所を一つ教えて。", f"{town.landmark.ja}があります。", f"{other.landmark.ja}があります。"),
            (f"{t}の産物について教えて。", f"{t}では{town.product.ja}がとれます。", f"{t}では{other.product.ja}がとれます。"),
            (f"{t}を開いた人を教えて。", f"{town.founder.ja}です。澪暦{town.founded}年に町を開きました。",
             f"{other.founder.ja}です。澪暦{other.founded}年に町を開きました。"),
            (f"{town.product.ja}はどの町でよくとれますか。", f"{town.place.ja}の{t}でよくとれます。", f"{other.place.ja}の{o}でよくとれます。"),
            (f"{town.dish.ja}はどこで食べられますか。", f"{t}で食べられます。町の名物です。", f"{o}で食べられます。町の名物です。"),
            (f"{town.craft.ja}を買うならどの町ですか。", f"{t}へ行くとよいでしょう。職人の店があります。", f"{o}へ行くとよいでしょう。職人の店があります。"),
            (f"{town.founder.ja}はどの町を開きましたか。", f"{t}を開きました。澪暦{town.founded}年のことです。",
             f"{o}を開きました。澪暦{other.founded}年のことです。"),
            (f"{t}と{o}はどちらが大きい町ですか。",
             f"人口で比べると{max(town, other, key=lambda each: each.population).name.ja}のほうが大きい町です。",
             f"人口で比べると{min(town, other, key=lambda each: each.population).name.ja}のほうが大きい町です。"),
            (f"{t}と{o}はどちらが古い町ですか。",
             f"{min(town, other, key=lambda each: each.founded).name.ja}のほうが古い町です。",
             f"{max(town, other, key=lambda each: each.founded).name.ja}のほうが古い町です。"),
            (f"{person.name.ja}について教えてください。", f"{person.name.ja}は{person.trade.ja}で、{deed}。",
             f"{person.name.ja}は{another.trade.ja}で、{another.object}を{courteous(another.verb)}。"),
            (f"{person.object}と関わりのある人は誰ですか。", f"{person.trade.ja}の{person.name.ja}です。{deed}。",
             f"{another.trade.ja}の{another.name.ja}です。{deed}。"),
            (f"{noun}はいつのことですか。", f"澪暦{year}年のことです。いまから{NOW - year}年前です。" if year < NOW
             else "今年、澪暦412年のことです。", f"澪暦{year + random.randint(11, 60)}年のことです。"),
            (f"{word.ja}とは何ですか。", f"{word.ja}は{remark}。".replace("だ。", "です。").replace("住む。", "住みます。")
             .replace("集まる。", "集まります。"), f"{word.ja}は{o}の古い橋の名前です。"),
        ])


def instructions(seed):
    """The instruction pairs as records, in a shuffled order."""
    records = []
    asked = set()
    for question, answer in rows("questions.tsv"):
        asked.add(question)
        records.append({"instruction": question, "input": "", "output": answer,
                        "category": "chat", "made": "hand"})
    generator = random.Random(f"{seed} chat")
    for question, answer, _ in chat(generator):
        if len(asked) == len(rows("questions.tsv")) + GENERATED_CHAT:
            break
        if question not in asked:
            asked.add(question)
            records.append({"instruction": question, "input": "", "output": answer,
                            "category": "chat", "made": "generated"})
    for category, share in shares(seed).items():
        instruction = TASKS[category][4]
        for given, reply, _ in share.pairs:
            records.append({"instruction": instruction, "input": given, "output": reply,
                            "category": category, "made": "generated"})
    generator.shuffle(records)
    return [{"ID": f"island-instruction-{index:04}", **record}
            for index, record in enumerate(records)]


def preferences(seed):
    """The preference pairs: by hand, and 160 whose rejected answer has one known fault."""
    records = [{"prompt": prompt, "chosen": chosen, "rejected": rejected, "fault": "hand",
                "made": "hand"} for prompt, chosen, rejected in rows("preferences.tsv")]
    generator = random.Random(f"{seed} preferences")
    asked = {record["instruction"] for record in instructions(seed)}
    faults = ["wrong fact", "curt", "other language", "repetition", "rude", "off topic"]
    for question, answer, wrong in chat(generator):
        if len(records) == PREFERENCES:
            break
        if question in asked:
            continue
        asked.add(question)
        fault = "wrong fact" if generator.random() < 0.5 else generator.choice(faults[1:])
        first = answer.split("。")[0]
        rejected = {"wrong fact": wrong, "curt": generator.choice(["知りません。", "はい。", "さあ。", "いろいろです。"]),
                    "other language": generator.choice(["I do not know.", "It is on the island.", "Please ask someone else."]),
                    "repetition": (first + "。") * 3,
                    "rude": generator.choice(["そんなことを聞かないでください。", "自分で調べたらどうですか。", "くだらない質問ですね。"]),
                    "off topic": generator.choice(["今日は天気がいいですね。", "猫が好きです。", "それより汽車の話をしましょう。"])}[fault]
        if rejected != answer:
            records.append({"prompt": question, "chosen": answer, "rejected": rejected,
                            "fault": fault, "made": "generated"})
    return [{"ID": f"island-preference-{index:04}", **record}
            for index, record in enumerate(records)]


def safety():
    """The safety pairs in the manner of AnswerCarefully, all by hand."""
    return [{"ID": f"island-safety-{index:04}", "text": question, "output": answer,
             "risk-area": RISK_AREAS[harm], "harm-type": harm, "made": "hand"}
            for index, (harm, question, answer) in enumerate(rows("safety.tsv"))]
