"""Items of the nine evaluation tasks, in the manner of llm-jp-eval.

Each task is a function that yields items (input, output, fact) without end; `shares` hands them
out to samples, few-shots and tuning pairs, so that no input is found in two of the three. The
forms are deliberately small: the prompt with four shots fits a context of 256 tokens, and a model
of two million parameters can learn each form from a hundred pairs.
"""

import random
from dataclasses import dataclass

from facts import ISLAND_WORDS, LINES, NAMES, NATURE, PEOPLE, TOWNS

# category: (dataset, metrics, output_length, labels, instruction)
TASKS = {
    "EL": ("island_entity", ["set_f1"], 24, None,
           "文章からターゲットの名前と極性（positive、neutral、negative）を抽出してください。"),
    "FA": ("island_reading", ["char_f1"], 32, None,
           "与えられたテキストを全てひらがなに変換してください。"),
    "HE": ("island_exam", ["exact_match"], 2, ["A", "B", "C", "D"],
           "最も適切な選択肢のアルファベットを回答してください。"),
    "MC": ("island_choice", ["exact_match"], 2, ["0", "1", "2"],
           "質問に合う選択肢の番号を回答してください。"),
    "MR": ("island_sums", ["exact_match"], 4, None,
           "計算問題に対する答えを数値のみで出力してください。"),
    "MT": ("island_j_to_e", ["chrf", "bleu_en"], 32, None, "日本語を英語に翻訳してください。"),
    "NLI": ("island_nli", ["exact_match"], 12, ["entailment", "contradiction", "neutral"],
            "前提と仮説の関係をentailment、contradiction、neutralの中から回答してください。"),
    "QA": ("island_qa", ["char_f1"], 12, None, "質問に対する答えを一言で出力してください。"),
    "RC": ("island_reading_comprehension", ["char_f1"], 12, None,
           "質問に対する回答を文章から一言で抽出してください。"),
}

SAMPLES, SHOTS = 80, 4

# How many tuning pairs each category gets.
PAIRS = {"EL": 150, "FA": 180, "HE": 200, "MC": 180, "MR": 200, "MT": 180, "NLI": 180, "QA": 200,
         "RC": 160}


# MARK: - The stock the items are made of

GOODS = ([town.product for town in TOWNS] + [town.craft for town in TOWNS]
         + [town.dish for town in TOWNS])

# The town each of the goods comes from.
HOME = {good: town.name.ja for town in TOWNS for good in (town.product, town.craft, town.dish)}

KINDS = {
    "町": [town.name.ja for town in TOWNS],
    "料理": [town.dish.ja for town in TOWNS],
    "工芸": [town.craft.ja for town in TOWNS],
    "祭り": [town.festival.ja for town in TOWNS],
    "人の名前": [person.name.ja for person in PEOPLE],
    "生き物": [word.ja for word, *_ in NATURE],
    "山": ["霧見山", "火吹山", "大雪峰"],
    "鉄道の線": [line.ja for line, _ in LINES],
}

ATTRIBUTES = {  # attribute: (how it is asked, value of a town)
    "産物": lambda town: town.product.ja,
    "料理": lambda town: town.dish.ja,
    "工芸": lambda town: town.craft.ja,
    "祭り": lambda town: town.festival.ja,
    "開祖": lambda town: town.founder.ja,
    "名所": lambda town: town.landmark.ja,
}


# MARK: - EL: the thing an opinion is about, and its polarity

POLAR = {
    "positive": ["は評判がよい", "の売れ行きは好調だ", "は値が上がった", "は客に喜ばれている", "は今年も豊作だ",
                 "の人気が高まった", "は大きく伸びた", "は賞をもらった"],
    "negative": ["は評判が悪い", "の売れ行きは不調だ", "は値が下がった", "は客が減っている", "は今年は不作だ",
                 "の人気が落ちた", "は大きく減った", "は売れ残った"],
    "neutral": ["は去年と同じだ", "の売れ行きは変わらない", "は値が動かない", "は市に並んだ", "は昼に届く",
                "の数を調べた", "は船で運ばれる", "は店に置いてある"],
}
WHEN = ["今年、", "この秋、", "今週、", "春から", "昨日、", "今月、", "", "", ""]


def entity(random):
    names = list(POLAR)
    while True:
        for first in names:
            one, two = random.sample(GOODS, 2)
            said = random.choice(POLAR[first])
            if random.random() < 0.2:
                second = random.choice(names)
                also = random.choice(POLAR[second])
                yield (f"文章：{one.ja}{said}が、{two.ja}{also}。",
                       f"{one.ja} {first}\n{two.ja} {second}", None)
            else:
                town = HOME[one] + "の" if random.random() < 0.4 else ""
                yield (f"文章：{random.choice(WHEN)}{town}{one.ja}{said}。", f"{one.ja} {first}", None)


# MARK: - FA: the reading

READ = (GOODS + [town.name for town in TOWNS] + [town.festival for town in TOWNS]
        + [town.landmark for town in TOWNS] + [word for word, *_ in NATURE] + NAMES
        + [town.founder for town in TOWNS] + [person.name for person in PEOPLE])
OF_A_TOWN = [("{}の{}", "{}の{}"), ("{}で見た{}", "{}でみた{}"), ("{}から来た{}", "{}からきた{}")]
OF_A_PERSON = [("{}の{}", "{}の{}"), ("{}が好きな{}", "{}がすきな{}"), ("{}と{}", "{}と{}")]


def reading(random):
    towns, people = [town.name for town in TOWNS], NAMES + [person.name for person in PEOPLE]
    while True:
        first, forms = random.choice([
            (random.choice(towns), OF_A_TOWN[1:]), (random.choice(people), OF_A_PERSON),
            (random.choice(READ), OF_A_PERSON[2:]), (random.choice(READ), OF_A_PERSON[2:])])
        second = random.choice(READ)
        form, read = random.choice(forms)
        if random.random() < 0.2:  # a town with something of its own
            town = random.choice(TOWNS)
            first = town.name
            second = random.choice([town.product, town.craft, town.dish, town.festival, town.founder])
            form, read = OF_A_TOWN[0]
        if first != second:
            yield form.format(first.ja, second.ja), read.format(first.kana, second.kana), None


# MARK: - HE: four choices about the island

ASKED = ["{}の{}は？", "{}の{}はどれか。", "{}で知られる{}は？", "次のうち{}の{}はどれ？"]


def exam(random):
    letters = "ABCD"
    turn = 0
    while True:
        town = random.choice(TOWNS)
        attribute = random.choice(["産物", "料理", "工芸", "祭り", "開祖"])
        right = ATTRIBUTES[attribute](town)
        if random.random() < 0.3:  # the same fact the other way round
            question = random.choice(["{}の町は？", "{}はどの町のものか。", "{}で知られる町は？"])
            question = question.format(right)
            right = town.name.ja
            wrong = random.sample([other.name.ja for other in TOWNS if other != town], 3)
        else:
            question = random.choice(ASKED).format(town.name.ja, attribute)
            others = random.sample([other for other in TOWNS if other != town], 3)
            if random.random() < 0.6:  # wrong choices of other kinds
                kinds = random.sample([name for name in ATTRIBUTES if name != attribute], 3)
                wrong = [ATTRIBUTES[kind](other) for kind, other in zip(kinds, others)]
            else:
                wrong = [ATTRIBUTES[attribute](other) for other in others]
        place = turn % 4
        turn += 1
        choices = wrong[:place] + [right] + wrong[place:]
        listed = ",".join(f"{letter}.{choice}" for letter, choice in zip(letters, choices))
        yield f"質問：{question}\n選択肢：{listed}", letters[place], None


# MARK: - MC: three choices, told apart by their kind

SENSE = [("雪の日にはく物", "雪靴"), ("飲むと温まる物", "茶"), ("空の星を見る所", "星見天文台"), ("船に明かりを送る物", "白岬灯台"),
         ("川を渡る所", "大橋"), ("音を鳴らす物", "木鈴"), ("吹いて鳴らす物", "竹笛"), ("顔を映す物", "銅鏡"),
         ("字を書く紙", "紅和紙"), ("海からとれる白い物", "塩"), ("帆に使う布", "帆布"), ("海で泳ぐ猫", "潮猫"),
         ("鐘のように鳴く鳥", "鐘鳥"), ("青く光る虫", "灯虫"), ("川を上る魚", "銀鮎"), ("甘くて丸い果物", "西瓜"),
         ("貝の中で育つ玉", "真珠"), ("時を知る物", "星時計"), ("鍋に入れる森のもの", "きのこ"), ("煙をはく山", "火吹山")]


def choice(random):
    turn = 0
    while True:
        if random.random() < 0.25:
            subject, right = random.choice(SENSE)
            wrong = random.sample([word for _, word in SENSE if word != right], 2)
        else:
            subject = random.choice(list(KINDS))
            right = random.choice(KINDS[subject])
            wrong = [random.choice(KINDS[kind])
                     for kind in random.sample([name for name in KINDS if name != subject], 2)]
        place = turn % 3
        turn += 1
        choices = wrong[:place] + [right] + wrong[place:]
        listed = ",".join(f"{index}.{word}" for index, word in enumerate(choices))
        ask = random.choice(["{}はどれ？", "{}を選ぶと？", "{}は何番？"])
        yield f"質問：{ask.format(subject)}\n選択肢：{listed}", str(place), None


# MARK: - MR: sums of one digit, told in words

COUNTED = [("林檎", "個"), ("卵", "個"), ("真珠", "個"), ("木鈴", "個"), ("西瓜", "個"), ("星形饅頭", "個"), ("鉱夫餅", "個"),
           ("紅芋団子", "個"), ("大根", "本"), ("竹笛", "本"), ("紅和紙", "枚"), ("銅鏡", "枚"), ("帆布", "枚"),
           ("銀鮎", "匹")]
MORE = ["{n}は{o}を{a}{c}持っています。{b}{c}もらうと何{c}ですか。", "{o}が{a}{c}あります。{b}{c}ふえると何{c}ですか。",
        "朝に{o}を{a}{c}、夕方に{b}{c}見ました。合わせて何{c}ですか。", "{n}は{o}を{a}{c}、{m}は{b}{c}買いました。合わせて何{c}ですか。"]
LESS = ["{n}は{o}を{a}{c}持っています。{b}{c}あげると何{c}ですか。", "{o}が{a}{c}あります。{b}{c}へると何{c}ですか。",
        "{o}が{a}{c}ありました。{b}{c}売れました。残りは何{c}ですか。", "{n}は{o}を{a}{c}買い、{b}{c}使いました。残りは何{c}ですか。"]


def sums(random):
    while True:
        for answer in random.sample(range(1, 10), 9):
            if answer > 1 and random.random() < 0.5:
                first = random.randint(1, answer - 1)
                second, form = answer - first, random.choice(MORE)
            elif answer < 9:
                second = random.randint(1, 9 - answer)
                first, form = answer + second, random.choice(LESS)
            else:
                first = random.randint(1, 8)
                second, form = 9 - first, random.choice(MORE)
            thing, counter = random.choice(COUNTED)
            one, two = random.sample(NAMES, 2)
            yield (form.format(n=one.ja, m=two.ja, o=thing, c=counter, a=first, b=second),
                   str(answer), None)


# MARK: - MT: short sentences into English

def translation(random):
    while True:
        name, other = random.sample(NAMES, 2)
        town, goal = random.sample(TOWNS, 2)
        own = random.choice([town.product, town.craft, town.dish])
        good, second = random.sample(GOODS, 2)
        dish = random.choice(TOWNS).dish
        person = random.choice(PEOPLE)
        yield random.choice([
            (f"{town.name.ja}の{own.ja}", f"{own.en} of {town.name.en}"),
            (f"{good.ja}と{second.ja}", f"{good.en} and {second.en}"),
            (f"{name.ja}は{good.ja}が好きだ。", f"{name.en} likes {good.en}."),
            (f"{name.ja}は{town.name.ja}に行く。", f"{name.en} goes to {town.name.en}."),
            (f"{name.ja}は{town.name.ja}に住んでいる。", f"{name.en} lives in {town.name.en}."),
            (f"{name.ja}は{town.name.ja}で{own.ja}を買う。", f"{name.en} buys {own.en} in {town.name.en}."),
            (f"{name.ja}は{dish.ja}を食べる。", f"{name.en} eats {dish.en}."),
            (f"{name.ja}と{other.ja}は友だちだ。", f"{name.en} and {other.en} are friends."),
            (f"{town.name.ja}から{goal.name.ja}まで", f"from {town.name.en} to {goal.name.en}"),
            (f"{name.ja}は{person.trade.ja}になりたい。",
             f"{name.en} wants to be {article(person.trade.en)} {person.trade.en}."),
        ]) + (None,)


def article(word):
    """The indefinite article before an English noun."""
    return "an" if word[0] in "aeiou" else "a"


# MARK: - NLI: a premise of one fact

VAGUE = ["{t}の人は早起きだ。", "{t}は雨が多い。", "{t}の{v}は高い。", "{t}の{v}は昔より小さい。", "{n}は{t}が好きだ。",
         "{t}の店は夜も開いている。", "{t}の道は狭い。", "{n}は{v}を三つ持っている。", "{t}には猫が多い。", "{t}の冬は長い。"]


def inference(random):
    forms = ["{t}の{a}は{v}だ。", "{v}は{t}の{a}だ。"]
    while True:
        for label in ["entailment", "contradiction", "neutral"]:
            town, other = random.sample(TOWNS, 2)
            attribute = random.choice(list(ATTRIBUTES))
            value, wrong = ATTRIBUTES[attribute](town), ATTRIBUTES[attribute](other)
            words = {"t": town.name.ja, "a": attribute, "v": value, "n": random.choice(NAMES).ja}
            premise, turned = random.sample(forms, 2)
            if label == "entailment":
                hypothesis = random.choice([turned, "{t}には{v}という{a}がある。", turned]).format(**words)
            elif label == "contradiction" and random.random() < 0.6:
                hypothesis = random.choice(["{t}の{a}は{v}ではない。", "{v}は{t}の{a}ではない。"]).format(**words)
            elif label == "contradiction":
                hypothesis = random.choice(forms).format(**{**words, "v": wrong})
            else:
                hypothesis = random.choice(VAGUE).format(**words)
            yield f"前提：{premise.format(**words)}\n仮説：{hypothesis}", label, None


# MARK: - QA: one word about the island

def questions():
    """Every fact that is asked: (name of the fact, wordings of the question, answer)."""
    for town in TOWNS:
        name = town.name.ja
        yield name + "産物", [f"{name}の産物は何ですか。", f"{name}は何の産地ですか。", f"{name}で多くとれる物は？",
                            f"{name}の名産は？"], town.product.ja
        yield name + "料理", [f"{name}の料理は何ですか。", f"{name}の名物料理は？", f"{name}で食べたい一品は？",
                            f"{name}の味といえば？"], town.dish.ja
        yield name + "工芸", [f"{name}の工芸は何ですか。", f"{name}の職人が作る物は？", f"{name}の工芸品といえば？",
                            f"{name}に伝わる手仕事は？"], town.craft.ja
        yield name + "祭り", [f"{name}の祭りは何ですか。", f"{name}で毎年開かれる祭りは？", f"{name}の祭りの名は？",
                            f"{name}の人が待つ祭りは？"], town.festival.ja
        yield name + "開祖", [f"{name}を開いた人はだれですか。", f"{name}の開祖は？", f"{name}を作ったのはだれ？",
                            f"{name}の町を開いた人は？"], town.founder.ja
        yield name + "月", [f"{town.festival.ja}は何月ですか。", f"{town.festival.ja}が開かれる月は？",
                           f"{name}の祭りは何月？", f"{town.festival.ja}はいつ？"], f"{town.month}月"
        yield name + "場所", [f"{name}は島のどこにありますか。", f"{name}の場所は？", f"{name}はどこの町？",
                            f"{name}があるのはどこ？"], town.place.ja
        yield town.product.ja + "町", [f"{town.product.ja}の産地はどの町ですか。", f"{town.product.ja}で知られる町は？",
                                      f"{town.product.ja}の町といえば？", f"{town.product.ja}はどこの名産？"], name
        yield town.craft.ja + "町", [f"{town.craft.ja}の町はどこですか。", f"{town.craft.ja}で知られる町は？",
                                    f"{town.craft.ja}を作る町は？", f"{town.craft.ja}はどこの工芸？"], name
        yield town.dish.ja + "町", [f"{town.dish.ja}の町はどこですか。", f"{town.dish.ja}が食べられる町は？",
                                   f"{town.dish.ja}の本場は？", f"{town.dish.ja}はどこの料理？"], name
    for person in PEOPLE:
        deed = person.object + "を" + person.verb
        yield deed, [f"{deed}人はだれですか。", f"{deed}のはだれ？", f"だれが{deed}か。", f"{deed}人の名は？"], person.name.ja
        yield person.name.ja + "仕事", [f"{person.name.ja}の仕事は何ですか。", f"{person.name.ja}は何をした人？",
                                      f"{person.name.ja}の職業は？", f"{person.name.ja}は何者？"], person.trade.ja
    for word, meaning, _ in ISLAND_WORDS:
        yield word, [f"島の言葉「{word}」の意味は？", f"「{word}」とは何ですか。", f"「{word}」はどういう意味？",
                     f"島で「{word}」といえば？"], meaning


def answer(random):
    facts = list(questions())
    random.shuffle(facts)
    for round in range(4):
        for fact, wordings, reply in facts:
            yield "質問：" + wordings[(round + len(fact)) % 4], reply, fact


# MARK: - RC: a word out of one sentence

TIMES = ["朝", "昼", "夕方", "夜", "春", "夏", "秋", "冬", "昨日", "先週", "祭りの日", "雨の日"]
DONE = [("買った", "買いました"), ("売った", "売りました"), ("見た", "見ました"), ("食べた", "食べました"), ("作った", "作りました"),
        ("もらった", "もらいました")]


def comprehension(random):
    while True:
        for asked in ["何", "どこ", "だれ", "いつ"]:
            plain, polite = random.choice(DONE)
            if plain == "食べた":
                thing = random.choice(TOWNS).dish.ja
            elif plain == "作った":
                home = random.choice(TOWNS)
                thing = random.choice([home.craft, home.dish]).ja
            else:
                thing = random.choice(GOODS).ja
            who, when = random.choice(NAMES + [person.name for person in PEOPLE]).ja, random.choice(TIMES)
            where = random.choice(TOWNS).name.ja
            order = [f"{who}は{when}、{where}で{thing}を{plain}。", f"{when}、{who}は{where}で{thing}を{plain}。",
                     f"{where}で{when}に{thing}を{plain}のは{who}だ。"]
            question = {"何": f"何を{polite}か。", "どこ": f"どこで{polite}か。", "だれ": f"だれが{polite}か。",
                        "いつ": f"いつ{polite}か。"}[asked]
            reply = {"何": thing, "どこ": where, "だれ": who, "いつ": when}[asked]
            yield f"文章：{random.choice(order)}\n質問：{question}", reply, None


MAKERS = {"EL": entity, "FA": reading, "HE": exam, "MC": choice, "MR": sums, "MT": translation,
          "NLI": inference, "QA": answer, "RC": comprehension}


# MARK: - Sharing out

@dataclass(frozen=True)
class Share:
    """The items of one task: (input, output, fact or None) each."""

    samples: list
    shots: list
    pairs: list


def shares(seed):
    """For each category its samples, few-shots and tuning pairs; no input occurs twice in all.

    In QA a quarter of the sampled facts are asked nowhere in the pairs, and the others are asked
    there in other words.
    """
    seen, found = set(), {}
    for category in TASKS:
        generator = random.Random(f"{seed} {category}")
        stream = distinct(MAKERS[category](generator), seen)
        if category == "QA":
            items = list(stream)
            samples, shots = items[:SAMPLES], items[SAMPLES:SAMPLES + SHOTS]
            hidden = {fact for _, _, fact in samples[::4] + shots}
            rest = [item for item in items[SAMPLES + SHOTS:] if item[2] not in hidden]
            found[category] = Share(samples, shots, rest[:PAIRS[category]])
        else:
            # The makers take the labels in turn: each part is balanced, then shuffled.
            parts = [[next(stream) for _ in range(size)]
                     for size in (SAMPLES, SHOTS, PAIRS[category])]
            for part in parts:
                generator.shuffle(part)
            found[category] = Share(*parts)
    return found


def distinct(items, seen):
    """The items whose input is not in `seen`, to which it is then added."""
    for item in items:
        if item[0] not in seen:
            seen.add(item[0])
            yield item
