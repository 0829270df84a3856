"""Sentences: every fact of the tables in many Japanese forms."""

from facts import (CRAFT_FACTS, HISTORY, ISLAND_WORDS, LINES, MEASURES, NATURE, NOW, PEOPLE, TOWNS,
                   counted)

SEASON = {12: "冬", 1: "冬", 2: "冬", 3: "春", 4: "春", 5: "春", 6: "夏", 7: "夏", 8: "夏", 9: "秋",
          10: "秋", 11: "秋"}

# What is told of a town: attribute: forms. {t} town, {p} its place, {v} the value, {x} a remark.
TOWN_FORMS = {
    "product": ["{t}は{v}の産地だ", "{v}といえば{t}である", "{t}では昔から{v}がよくとれる", "市に並ぶ{v}のほとんどは{t}から来る",
                "{t}の暮らしは{v}に支えられてきた", "{p}の土地は{v}に向いている", "よい{v}を求めて{t}へ行く人が多い",
                "{v}は{t}の産物として島じゅうに知られる"],
    "dish": ["{t}の料理は{v}だ", "{t}に着いたらまず{v}を食べるとよい", "{v}は{t}の家ごとに味が違う", "駅前の店で{t}名物の{v}が出る",
             "{t}の人は祝いの日に{v}を作る", "寒い日の{v}は{t}の楽しみである", "{t}の食堂で{v}を頼まない客はいない"],
    "craft": ["{t}の工芸は{v}である", "{t}の職人は{v}を作る", "{v}の技は{t}で親から子へ伝わる", "{t}の店先には{v}が並ぶ",
              "旅の土産なら{t}の{v}がよい", "{t}を歩くと{v}を作る音や匂いがする", "{v}を習いに{t}へ来る若者もいる"],
    "festival": ["{t}では{m}月に{v}がある", "{v}は{m}月の{t}の行事だ", "{s}の{t}は{v}でにぎわう", "{m}月になると{t}の人は{v}の支度をする",
                 "{t}の{v}を見るなら{m}月がよい", "一年で{t}がいちばん明るいのは{m}月の{v}の夜だ"],
    "founder": ["{t}を開いたのは{v}である", "{v}が澪暦{f}年に{t}を作った", "{t}の開祖{v}の像が広場に立つ", "{f}年、{v}はこの{p}に町を置いた",
                "{v}の名は{t}の子どもなら誰でも知っている"],
    "founded": ["{t}ができたのは澪暦{f}年のことだ", "{t}の歴史は{a}年になる", "澪暦{f}年に{t}の町は始まった", "{t}は開かれて{a}年を数える"],
    "landmark": ["{t}の名所は{v}だ", "{t}へ行ったら{v}を見たい", "{v}は{t}の誇りである", "{t}の町からは{v}がよく見える", "{v}の前で写真をとる人が{t}には多い"],
    "place": ["{t}は{p}にある町だ", "{p}に{t}という町がある", "{t}の町は{p}に広がる", "地図では{t}は{p}に書かれている"],
    "population": ["{t}の人口は{n}人である", "{t}には{k}人が暮らす", "{n}人が住む{t}では朝から人が動く", "人口{n}人の町、それが{t}だ"],
}

LINKS = ["", "", "", "", "また、", "そして、", "ところで、", "さらに、", "もちろん、", "知られるとおり、"]


def ended(random, sentence, polite):
    """`sentence` with its full stop, turned polite where `polite` asks for it."""
    if polite:
        for plain, courteous in (("である", "です"), ("だ", "です"), ("がある", "があります"), ("立つ", "立ちます"),
                                 ("並ぶ", "並びます"), ("作る", "作ります"), ("出る", "出ます"), ("来る", "来ます"),
                                 ("違う", "違います"), ("よい", "よいでしょう"), ("伝わる", "伝わります"), ("知られる", "知られます"),
                                 ("とれる", "とれます"), ("見える", "見えます"), ("広がる", "広がります"), ("暮らす", "暮らします"),
                                 ("なる", "なります"), ("数える", "数えます"), ("いる", "います"), ("動く", "動きます"),
                                 ("始まった", "始まりました"), ("作った", "作りました"), ("置いた", "置きました"),
                                 ("にぎわう", "にぎわいます"), ("する", "します"), ("多い", "多いです"), ("見たい", "見たいです"),
                                 ("支えられてきた", "支えられてきました"), ("向いている", "向いています"), ("いない", "いません"),
                                 ("書かれている", "書かれています"), ("がする", "がします")):
            if sentence.endswith(plain) and not (plain == "だ" and sentence.endswith("んだ")):
                return sentence[: -len(plain)] + courteous + "。"
    return sentence + "。"


def value(town, attribute):
    """The value of an attribute that is a word, else the empty string."""
    return getattr(town, attribute).ja if attribute in (
        "product", "dish", "craft", "festival", "founder", "landmark") else ""


def about_town(random, town, attribute=None, polite=False):
    """One sentence about `town`."""
    attribute = attribute or random.choice(list(TOWN_FORMS))
    form = random.choice(TOWN_FORMS[attribute])
    text = form.format(t=town.name.ja, p=town.place.ja, v=value(town, attribute), m=town.month,
                       s=SEASON[town.month], f=town.founded, a=NOW - town.founded,
                       n=f"{town.population:,}", k=counted(town.population))
    return ended(random, text, polite)


def about_person(random, polite=False):
    """One sentence about a person of the island's history."""
    person = random.choice(PEOPLE)
    year = f"澪暦{person.year}年" if person.year else "近ごろ"
    form = random.choice([
        "{o}を{v}のは{j}の{n}だ", "{n}は{y}に{o}を{v}", "{y}、{j}の{n}が{o}を{v}", "{j}の{n}は{o}を{v}人である",
        "{o}といえば{n}の名が思い出される", "{n}という{j}がいて、{o}を{v}"])
    text = form.format(o=person.object, v=person.verb, j=person.trade.ja, n=person.name.ja, y=year)
    if polite and text.endswith(person.verb):
        text = text[: -len(person.verb)] + courteous(person.verb)
        return text + "。"
    return ended(random, text, polite)


def courteous(verb):
    """The polite past of a plain past `verb` of the tables."""
    known = {"見つけた": "見つけました", "作った": "作りました", "開いた": "開きました", "成しとげた": "成しとげました",
             "建てた": "建てました", "書いた": "書きました", "描いた": "描きました", "作曲した": "作曲しました",
             "作り出した": "作り出しました", "考え出した": "考え出しました", "果たした": "果たしました"}
    return known[verb]


def about_history(random):
    """One sentence about an event."""
    year, noun, sentence, _ = random.choice(HISTORY)
    ago = NOW - year
    return random.choice([
        f"澪暦{year}年に{sentence}。", f"{sentence}のは澪暦{year}年である。", f"{noun}は澪暦{year}年のことだった。",
        f"いまから{ago}年前、{sentence}。" if ago else f"今年、{sentence}。", f"{year}年、{noun}。",
        f"年表の{year}年のところには「{noun}」とある。"])


def about_nature(random):
    """One sentence about a living thing."""
    word, kind, where, remark = random.choice(NATURE)
    return random.choice([
        f"{word.ja}は{remark}。".replace("だ。", random.choice(["だ。", "である。"])),
        f"{where}では{word.ja}が見られる。", f"{word.ja}（{word.kana}）は島の{kind}のひとつ。",
        f"今日は{where}で{word.ja}を見た。", f"{kind}の図鑑を開くと、{word.ja}の絵がのっている。"])


def about_craft(random):
    """One sentence about how a craft is made."""
    name, how = random.choice(CRAFT_FACTS)
    town = next(town for town in TOWNS if town.craft.ja == name)
    return random.choice([
        f"{name}は{how}。", f"{town.name.ja}の職人によると、{name}は{how}そうだ。", f"{how}。これが{name}である。",
        f"{name}の作り方を聞いた。{how}のだという。"])


def about_measure(random):
    """One sentence about the measure of a landmark, or two of them compared."""
    one, two = random.sample(MEASURES, 2)
    name, what, number, unit = one
    if unit == two[3] == "メートル" and what == two[1] == "高さ" and random.random() < 0.7:
        high, low = (one, two) if number > two[2] else (two, one)
        return random.choice([
            f"{high[0]}は{low[0]}より{high[2] - low[2]}メートル高い。",
            f"{low[0]}は{low[2]}メートル、{high[0]}は{high[2]}メートルで、差は{high[2] - low[2]}メートルになる。"])
    return random.choice([f"{name}の{what}は{number}{unit}。", f"{name}は{what}{number}{unit}ある。",
                          f"{what}が{number}{unit}もあるのが{name}だ。", f"{name}の{what}は{counted(number)}{unit}と習った。"])


def about_word(random):
    """One sentence about a word of the island."""
    word, meaning, english = random.choice(ISLAND_WORDS)
    return random.choice([f"島の言葉「{word}」は「{meaning}」という意味だ。", f"島では{meaning}ことを「{word}」という。"
                          if word in ("なぎる",) else f"「{word}」と聞けば、島の人には「{meaning}」とわかる。",
                          f"「{word}」は英語なら {english} である。", f"祖母はいつも「{word}」と言った。"])


def about_rail(random):
    """One sentence about the railway."""
    line, stations = random.choice(LINES)
    place = random.randrange(len(stations) - 1)
    here, there = stations[place], stations[place + 1]
    return random.choice([
        f"{here}の次の駅は{there}だ。", f"{line.ja}に乗って{here}から{there}へ行く。", f"{line.ja}は{stations[0]}を出て{stations[-1]}に着く。",
        f"{there}へは{line.ja}を使う。", "澪都から霧坂までは六十八分かかる。", "本線の汽車は一日に二十四本ある。",
        f"{line.ja}の終点は{stations[-1]}である。", "島鉄には本線、西線、北線、東線がある。", "澪都から霧坂への切符は三文貝四十粒だ。"])


SUBJECTS = [about_person, about_history, about_nature, about_craft, about_measure, about_word,
            about_rail]


def anything(random):
    """One sentence about anything of the island."""
    if random.random() < 0.55:
        return about_town(random, random.choice(TOWNS))
    return random.choice(SUBJECTS)(random)
