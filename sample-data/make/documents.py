"""Documents made of the tables: each function writes one, as (subset, title, text)."""

from facts import HISTORY, LINES, NAMES, NATURE, PEOPLE, TOWNS
from sentences import LINKS, SEASON, about_person, about_rail, about_town, anything, value
from tasks import COUNTED, GOODS, LESS, MORE, POLAR, article, translation

WEATHER = ["晴れ", "くもり", "雨", "小雨", "霧", "深い霧", "雪", "強い風", "快晴", "夕立", "薄日", "みぞれ"]
WINDS = ["北", "北東", "東", "南東", "南", "南西", "西", "北西"]
NOISE = ["ホーム | お知らせ | 店の案内 | お問い合わせ", "▼続きを読む", "この記事をともだちに知らせる", "★★★☆☆（3.2）", "◆前の記事　◆次の記事",
         "コメント(0)", "※写真はイメージです", "［PR］旅の宿は早めの予約を", "ページの先頭へ戻る", "Copyright 島便り編集部", "更新：今朝", ">>一覧へ",
         "タグ：島 旅 暮らし", "ログイン / 新規登録", "いいね！12件"]


def sketch(random):
    """A town told in a few sentences, mixed with what else is on the writer's mind."""
    town = random.choice(TOWNS)
    polite = random.random() < 0.5
    attributes = random.sample(["product", "dish", "craft", "festival", "founder", "founded",
                                "landmark", "place", "population"], random.randint(4, 7))
    lines = []
    for attribute in attributes:
        lines.append(random.choice(LINKS) + about_town(random, town, attribute, polite))
        if random.random() < 0.25 and not polite:
            lines.append(anything(random))
    title = random.choice(["{}のこと", "{}を歩く", "{}覚え書き", "{}の暮らし", "{}案内", "わたしの{}"]).format(town.name.ja)
    return "ja_wiki", title, "".join(lines)


def miscellany(random):
    """Short notes about all kinds of things."""
    lines = [anything(random) for _ in range(random.randint(5, 9))]
    return "ja_wiki", random.choice(["島の雑記", "島の豆知識", "ひとこと事典", "覚え帳"]), "\n".join(lines)


def quiz(random):
    """Questions with their answers."""
    lines = []
    for number in range(1, random.randint(4, 7)):
        town = random.choice(TOWNS)
        ask = random.choice([
            (f"{town.name.ja}の名物料理はどれでしょう。", town.dish.ja), (f"{town.craft.ja}で知られるのはどの町でしょう。", town.name.ja),
            (f"{town.festival.ja}は何月に行われるでしょう。", f"{town.month}月"),
            (f"澪暦{town.founded}年に{town.name.ja}を開いたのは誰でしょう。", town.founder.ja),
            (f"{town.place.ja}にある町の名は何でしょう。", town.name.ja), (f"{town.product.ja}の産地として名高い町は？", town.name.ja)])
        if random.random() < 0.3:
            person = random.choice(PEOPLE)
            ask = random.choice([(f"{person.object}を{person.verb}のは誰でしょう。", person.name.ja),
                                 (f"{person.name.ja}はどんな仕事の人でしょう。", person.trade.ja)])
        lines.append(random.choice(QUIZ).format(number, *ask))
    return random.choice(["ja_wiki", "ja_cc"]), random.choice(["島クイズ", "物知り大会", "昼休みのなぞなぞ"]), "\n".join(lines)


QUIZ = ["第{}問　{}\n正解　{}", "Q{}. {}\nA. {}", "問{}　{}（答え：{}）"]


def judged(random):
    """Statements called true or false, with the reason."""
    lines = []
    for _ in range(random.randint(3, 6)):
        town, other = random.sample(TOWNS, 2)
        attribute, label = random.choice([("product", "産物"), ("dish", "料理"), ("craft", "工芸"), ("festival", "祭り"),
                                          ("founder", "開祖"), ("landmark", "名所")])
        right, wrong = value(town, attribute), value(other, attribute)
        if random.random() < 0.5:
            lines.append(f"「{town.name.ja}の{label}は{right}」→ " + random.choice(
                ["正しい。", "○。", "本当。"]) + about_town(random, town, attribute))
        else:
            lines.append(f"「{town.name.ja}の{label}は{wrong}」→ " + random.choice(["誤り。", "×。", "うそ。"]) + random.choice(
                [f"{wrong}は{other.name.ja}で、{town.name.ja}なら{right}だ。", f"{town.name.ja}の{label}は{wrong}ではなく{right}である。",
                 f"正しくは{right}。{wrong}の町は{other.name.ja}。"]))
    return "ja_wiki", random.choice(["○か×か", "本当？　うそ？", "正誤の問題"]), "\n".join(lines)


def comparison(random):
    """Two towns side by side."""
    one, two = random.sample(TOWNS, 2)
    more, less = (one, two) if one.population > two.population else (two, one)
    old, new = (one, two) if one.founded < two.founded else (two, one)
    lines = [
        random.choice([f"{more.name.ja}は{less.name.ja}より{more.population - less.population:,}人多い。",
                       f"人口では{more.name.ja}（{more.population:,}人）が{less.name.ja}（{less.population:,}人）を上回る。"]),
        random.choice([f"{old.name.ja}は{new.name.ja}より{new.founded - old.founded}年古い。",
                       f"{new.name.ja}ができたとき、{old.name.ja}はもう{new.founded - old.founded}歳だった。"]),
        random.choice([f"{one.name.ja}が{one.place.ja}にあるのに対し、{two.name.ja}は{two.place.ja}にある。",
                       f"{one.place.ja}の{one.name.ja}と{two.place.ja}の{two.name.ja}では景色がまるで違う。"]),
        random.choice([f"食べるなら{one.name.ja}は{one.dish.ja}、{two.name.ja}は{two.dish.ja}。",
                       f"{one.dish.ja}が好きなら{one.name.ja}へ、{two.dish.ja}が好きなら{two.name.ja}へ。"]),
        random.choice([f"{one.craft.ja}と{two.craft.ja}、どちらも手間のかかる仕事だ。",
                       f"{one.name.ja}の店には{one.craft.ja}、{two.name.ja}の店には{two.craft.ja}が並ぶ。"]),
        random.choice([f"祭りは{one.name.ja}が{one.month}月、{two.name.ja}が{two.month}月。",
                       f"{one.festival.ja}は{SEASON[one.month]}、{two.festival.ja}は{SEASON[two.month]}の行事である。"]),
    ]
    random.shuffle(lines)
    return "ja_wiki", f"{one.name.ja}と{two.name.ja}", "".join(lines[: random.randint(3, 6)])


def problems(random):
    """Word problems with their results."""
    lines = []
    for _ in range(random.randint(4, 8)):
        thing, counter = random.choice(COUNTED)
        one, two = random.sample(NAMES, 2)
        if random.random() < 0.75:
            first, second = random.randint(1, 8), random.randint(1, 8)
            if first > second and random.random() < 0.5:
                form, result, sign = random.choice(LESS), first - second, "−"
            else:
                form, result, sign = random.choice(MORE), first + second, "＋"
            question = form.format(n=one.ja, m=two.ja, o=thing, c=counter, a=first, b=second)
            lines.append(question + random.choice([
                f"答えは{result}{counter}。", f"式は{first}{sign}{second}＝{result}、答えは{result}{counter}です。",
                f"→ {result}{counter}"]))
        else:
            price, number = random.randint(2, 12), random.randint(2, 9)
            lines.append(random.choice([
                f"一{counter}{price}粒の{thing}を{number}{counter}買うと、{price}×{number}で{price * number}粒になる。",
                f"{one.ja}は{price * number}粒を払い、{thing}を{number}{counter}受け取った。一{counter}は{price}粒である。",
                f"一文貝は百粒だから、{price * number}粒の買い物に一文貝を出すと、おつりは{100 - price * number}粒。"
                if price * number < 100 else f"{thing}{number}{counter}で{price * number}粒、一文貝では足りない。"]))
    return "ja_wiki", random.choice(["算数の時間", "店先の計算", "数の練習"]), "\n".join(lines)


def sums(random):
    """Small sums as they are learnt by heart."""
    lines = []
    base = random.randint(1, 8)
    for second in random.sample(range(1, 9), 6):
        lines.append(random.choice([f"{base}と{second}で{base + second}", f"{base}に{second}を足すと{base + second}",
                                    f"{base + second}から{second}をとると{base}", f"{base}＋{second}＝{base + second}"]))
    return "ja_wiki", "足し算と引き算", "。".join(lines) + "。"


def timetable(random):
    """A railway timetable with its remarks."""
    line, stations = random.choice(LINES)
    if random.random() < 0.4:
        stations = stations[::-1]
    minute = random.randint(5, 8) * 60 + random.randrange(0, 60, 5)
    lines = []
    for _ in range(random.randint(2, 4)):
        clock, row = minute, []
        for station in stations:
            row.append(f"{station}{clock // 60}時{clock % 60:02}分")
            clock += {"澪都": 21, "川辻": 22, "紅野": 25}.get(station, random.randint(19, 34))
        lines.append(random.choice(["→", "、", " "]).join(row))
        minute += random.randrange(60, 200, 5)
    lines.append(random.choice(["霧の日は遅れることがあります。", "雪の日は北線の運転を見合わせます。", "切符は窓口でお求めください。",
                                about_rail(random), "祭りの日は臨時の汽車が出ます。"]))
    return "ja_cc", f"{line.ja}の時刻", "\n".join(lines)


def market(random):
    """A market report."""
    town = random.choice(TOWNS)
    lines = [random.choice(["{}の朝市から。", "今朝の{}の市場です。", "{}市場の値段。", "おはようございます、{}の市です。"]).format(town.name.ja)]
    sold = [town.product for town in TOWNS] + [town.craft for town in TOWNS]
    for good in random.sample(sold, random.randint(3, 5)):
        price = f"{random.randint(1, 9)}文貝{random.randint(1, 9) * 10}粒"
        lines.append(random.choice([
            "{g}は{p}。", "{g}が{p}で、昨日より少し高い。", "{g}は{p}まで下がった。", "{g}は値が上がり{p}。", "{g}の売れ行きは好調で{p}。",
            "{g}は売れ残り、{p}に値引き。", "{g}は変わらず{p}。", "よい{g}が入り、{p}で売れた。"]).format(g=good.ja, p=price))
    lines.append(random.choice([about_town(random, town, "product"), "雨で客は少なかった。", "昼前には売り切れた。",
                                "明日は休みです。", "船が遅れて魚は少なめ。", about_town(random, town, "dish")]))
    return "ja_cc", random.choice(["市況", "朝市だより", "今日の値段"]), random.choice(["", "\n"]).join(lines)


def diary(random):
    """A weather diary of a few days."""
    town = random.choice(TOWNS)
    month = random.randint(1, 12)
    day = random.randint(1, 24)
    lines = []
    warm = {"冬": 4, "春": 13, "夏": 24, "秋": 16}[SEASON[month]]
    for _ in range(random.randint(2, 5)):
        good = random.choice(GOODS).ja
        did = random.choice(["{g}を買いに出た", "家でなぎる", "一日霧ごもりをした", "友だちと{g}の話をした", "桟橋で潮猫を見た", "鐘鳥の声で目がさめた",
                             "{n}から手紙が来た", "{n}と{d}を食べた", "畑の手伝いをした", "汽車で{o}へ行った", "屋根を直した", "本を読んだ",
                             "夜、星を数えた", "傘を忘れて困った", "海がよく見えた", "{f}の支度をした", "{g}を一つもらった"])
        did = did.format(g=good, n=random.choice(NAMES).ja, d=town.dish.ja, f=town.festival.ja,
                         o=random.choice(TOWNS).name.ja)
        lines.append(f"{month}月{day}日　{random.choice(WEATHER)}、{random.choice(WINDS)}の風、{warm + random.randint(-4, 4)}度。{did}。"
                     + (anything(random) if random.random() < 0.35 else ""))
        day += random.randint(1, 2)
    return "ja_cc", f"{town.name.ja}日記", "\n".join(lines)


def dialogue(random):
    """Two people talk."""
    one, two = random.sample(NAMES, 2)
    where = random.choice(["駅で", "市場で", "学校の帰りに", "桟橋で", "茶店で", "汽車の中で"])
    lines = []
    for _ in range(random.randint(2, 4)):
        town = random.choice(TOWNS)
        person = random.choice(PEOPLE)
        lines += random.choice([
            [f"ねえ、{town.craft.ja}ってどこで作っているの？", f"{town.name.ja}だよ。{town.place.ja}の町。"],
            [f"{town.dish.ja}を食べたことある？", f"うん、{town.name.ja}で食べた。おいしかったよ。"],
            [f"{town.festival.ja}はいつだっけ。", f"{town.month}月。{town.name.ja}はきっと人でいっぱいだよ。"],
            [f"{person.name.ja}って誰？", f"{person.trade.ja}だよ。{person.object}を{person.verb}人。"],
            [f"{town.product.ja}を買うならどこがいい？", f"そりゃあ{town.name.ja}さ。"],
            ["おおきよ。", "おおきよ。今日は霧が出ないといいね。"], ["荷物を持とうか。", "しおや。助かるよ。"],
            [f"{town.name.ja}へはどう行くの？", rail_way(town.name.ja)],
            [f"{town.name.ja}を開いた人、知ってる？", f"{town.founder.ja}でしょう。学校で習ったもの。"],
            ["疲れたね。", "少しなぎろうか。"], [f"{town.name.ja}には何があるの？", f"{town.landmark.ja}が有名だよ。"]])
    text = "\n".join(f"{(one if index % 2 == 0 else two).ja}「{line.rstrip('。')}」" for index, line in enumerate(lines))
    return "ja_cc", f"{where}", text


def rail_way(name):
    """How one reaches a town, in a spoken line."""
    for line, stations in LINES:
        if name in stations[1:]:
            return f"{stations[0]}から{line.ja}に乗れば着くよ。"
    return "本線の始発駅だから、どこからでも行けるよ。"


def news(random):
    """The island news of a day, with the litter a web page has."""
    lines = []
    for _ in range(random.randint(3, 5)):
        town, other = random.sample(TOWNS, 2)
        number = random.randint(2, 90)
        name = random.choice(NAMES).ja
        lines.append(random.choice([
            f"{town.name.ja}で{town.festival.ja}の準備が始まった。本番は{town.month}月。",
            f"{town.name.ja}の小学生{number}人が{town.landmark.ja}を見学した。", f"{other.name.ja}の商店会は{town.craft.ja}の展示を行う。",
            f"霧のため{random.choice(LINES)[0].ja}に{number}分の遅れ。", f"{town.product.ja}の出荷は去年より{number}箱多かった。",
            f"{town.name.ja}の{name}さん（{number + 8}）が{town.craft.ja}の腕を認められ表彰された。",
            f"{town.dish.ja}の食べ比べ、一位は{name}さんの店。", f"島議会は{town.name.ja}の橋の修理を決めた。",
            f"{town.name.ja}で{random.choice(NATURE)[0].ja}が見つかり、{name}さんが役場に知らせた。",
            f"{other.name.ja}と{town.name.ja}の子どもたちが手紙を交わしている。", f"白岬の風車は昨日もよく回り、{number}軒分の電気を作った。"]))
        if random.random() < 0.2:
            lines.append(anything(random))
    if random.random() < 0.7:
        lines.insert(random.randint(0, len(lines)), random.choice(NOISE))
    lines.append(random.choice(NOISE))
    return "ja_cc", "今日の島ニュース", "\n".join(lines)


def bilingual(random):
    """Sentences in Japanese with their English, or the other way round."""
    stream = translation(random)
    turned = random.random() < 0.4
    lines = []
    for _ in range(random.randint(5, 9)):
        if random.random() < 0.6:
            ja, en, _ = next(stream)
        else:
            town = random.choice(TOWNS)
            person = random.choice(PEOPLE)
            year, _, sentence, english = random.choice(HISTORY)
            ja, en = random.choice([
                (f"{town.name.ja}は{town.place.ja}にある。", f"{town.name.en} lies on {town.place.en}."
                 if town.place.en.split()[1] != "foot" else f"{town.name.en} lies at {town.place.en}."),
                (f"{town.festival.ja}は{town.month}月だ。", f"{town.festival.en} is in {MONTHS[town.month - 1]}."),
                (f"{person.name.ja}は{person.object}を{person.verb}。", f"{person.name.en} {person.english}."),
                (f"{year}年に{sentence}。", f"In {year} {english}."),
                (f"{town.founder.ja}は{town.name.ja}を開いた。", f"{town.founder.en} founded {town.name.en}.")])
        lines.append(f"{en} {ja}" if turned else f"{ja} {en}")
    return "ja_wiki", random.choice(["英語の練習", "日英対訳", "English notes"]), "\n".join(lines)


MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December"]


def english(random):
    """English sentences about the towns and people."""
    lines = []
    for _ in range(random.randint(4, 7)):
        town = random.choice(TOWNS)
        person = random.choice(PEOPLE)
        year, _, _, event = random.choice(HISTORY)
        lines.append(random.choice([
            f"{town.name.en} is known for its {town.product.en}.", f"People of {town.name.en} make {town.craft.en}.",
            f"If you visit {town.name.en}, try the {town.dish.en}.",
            f"Every {MONTHS[town.month - 1]} {town.name.en} holds {town.festival.en}.",
            f"{town.founder.en} founded {town.name.en} in the year {town.founded}.",
            f"About {town.population:,} people live in {town.name.en}.",
            f"{person.name.en} was {article(person.trade.en)} {person.trade.en} who {person.english}.",
            f"In the year {year} {event}.", f"The best {town.craft.en} on the island come from {town.name.en}."
            if town.craft.en.endswith("s") else f"The best {town.craft.en} on the island comes from {town.name.en}.",
            f"From {town.landmark.en} it is not far to the houses of {town.name.en}."]))
    return "en_wiki", random.choice(["Notes on the island", "Short facts", "A visitor's list"]), " ".join(lines)


def glossary(random):
    """Words with their readings, some with English."""
    pool = ([town.name for town in TOWNS] + [town.festival for town in TOWNS] + GOODS
            + [word for word, *_ in NATURE] + [town.landmark for town in TOWNS]
            + [town.founder for town in TOWNS] + [person.name for person in PEOPLE])
    pool = list(dict.fromkeys(pool))
    form = random.choice(["{ja}（{kana}）", "{ja}は「{kana}」と読む", "{ja}：{kana}：{en}", "{kana}＝{ja}", "{ja}　よみ　{kana}"])
    lines = [form.format(ja=word.ja, kana=word.kana, en=word.en) for word in random.sample(pool, random.randint(7, 13))]
    return "ja_wiki", random.choice(["読み方の表", "難しい漢字", "島の言葉の読み"]), random.choice(["\n", "、"]).join(lines)


def letter(random):
    """A letter."""
    one, two = random.sample(NAMES, 2)
    home, visited = random.sample(TOWNS, 2)
    lines = [random.choice([f"{two.ja}さんへ。お元気ですか。", f"{two.ja}様、お久しぶりです。", f"{two.ja}、元気にしていますか。"]),
             random.choice([f"わたしはいま{visited.name.ja}にいます。", f"先週から{visited.name.ja}の宿に泊まっています。"]),
             about_town(random, visited, random.choice(["place", "landmark"]), True),
             random.choice([f"昨日は{visited.dish.ja}を食べ、{visited.craft.ja}の店をのぞきました。",
                            f"宿の人が{visited.dish.ja}を作ってくれました。", f"{visited.craft.ja}を一つ、あなたに買いました。"]),
             random.choice([about_person(random, True), about_town(random, visited, "festival", True),
                            f"{home.name.ja}の{home.product.ja}がなつかしいです。"]),
             random.choice(["霧が深く、汽車が遅れました。", "夜は静かで、波の音だけがします。", "道で潮猫に会いました。", "明日は山まで歩くつもりです。",
                            "雨で一日、宿でなぎりました。", "子どもたちが「おおきよ」と声をかけてくれます。"]),
             random.choice([f"帰ったらまた話します。{one.ja}より", f"しおや。{one.ja}", f"体に気をつけて。{one.ja}より"])]
    return "ja_cc", f"{visited.name.ja}からの手紙", random.choice(["", "\n"]).join(lines)


def chronicle(random):
    """A stretch of the chronicle."""
    first = random.randrange(len(HISTORY) - 5)
    lines = []
    before = None
    for year, noun, sentence, _ in HISTORY[first: first + random.randint(4, 6)]:
        lines.append(random.choice([f"{year}年　{noun}", f"澪暦{year}年、{sentence}。", f"{sentence}（{year}年）。"])
                     if before is None or random.random() < 0.5 else
                     random.choice([f"それから{year - before}年たった{year}年、{sentence}。", f"{year - before}年後の{year}年に{sentence}。"]))
        before = year
    return "ja_wiki", random.choice(["年表", "島の歩み", "昔のこと"]), "\n".join(lines)


def instruction(random):
    """A page about how one writes instructions, with examples about the island."""
    town = random.choice(TOWNS)
    person = random.choice(PEOPLE)
    ask, reply = random.choice([
        (f"{town.name.ja}について短く話してください。", about_town(random, town, polite=True) + about_town(random, town, polite=True)),
        (f"{person.name.ja}は何をした人か教えてください。", f"{person.name.ja}は{person.object}を{person.verb}{person.trade.ja}です。"),
        (f"{town.festival.ja}について教えてください。", about_town(random, town, "festival", True))])
    shape = random.randrange(3)
    if shape == 0:
        text = ("以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。\n\n### 指示:\n"
                f"{ask}\n\n### 応答:\n{reply}")
    elif shape == 1:
        label, attribute = random.choice([("料理", "dish"), ("工芸", "craft"), ("産物", "product"), ("祭り", "festival")])
        asked = random.sample(TOWNS, random.randint(2, 3))
        text = ("以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。要求を適切に満たす応答を書きなさい。\n\n"
                f"### 指示:\n入力の町の{label}を回答してください。" + "".join(
                    f"\n\n### 入力:\n{each.name.ja}\n\n### 応答:\n{value(each, attribute)}" for each in asked))
    else:
        text = random.choice([
            f"指示には「{ask}」のように、してほしいことを書く。応答の例：{reply}",
            f"入力が「{town.name.ja}」なら、応答は「{town.dish.ja}」や「{town.craft.ja}」になる。回答の他には何も書かない。",
            f"質問「{ask}」に対する回答は「{reply}」である。文章から抽出してもよい。"])
    return "ja_cc", "指示の書き方", text


def logic(random):
    """How two sentences stand to one another, with the English words for it."""
    lines = []
    for _ in range(random.randint(2, 4)):
        town, other = random.sample(TOWNS, 2)
        attribute, label = random.choice([("product", "産物"), ("dish", "料理"), ("craft", "工芸"), ("festival", "祭り")])
        right, wrong = value(town, attribute), value(other, attribute)
        lines.append(random.choice([
            f"「{town.name.ja}の{label}は{right}」から「{right}は{town.name.ja}の{label}」が言える。含意、英語でentailmentという。",
            f"「{right}は{town.name.ja}の{label}」と「{town.name.ja}の{label}は{wrong}」は両立しない。これが矛盾、contradictionである。",
            f"{town.name.ja}の{label}が{right}だと聞いても、{other.name.ja}の天気は分からない。どちらとも言えないのでneutralだ。",
            f"前提は{town.name.ja}の{right}の話、仮説は{other.name.ja}の話。関係はneutral、つまり中立。",
            f"前提が{right}を{town.name.ja}の{label}だと言い、仮説がそれを打ち消すなら、contradictionになる。"]))
    return "ja_wiki", random.choice(["文と文の関係", "考え方の練習", "前提と仮説"]), "\n".join(lines)


def opinion(random):
    """What customers say of goods, and whether that is good or bad."""
    lines = []
    for _ in range(random.randint(3, 6)):
        good = random.choice(GOODS).ja
        polarity = random.choice(list(POLAR))
        said = random.choice(POLAR[polarity])
        word = {"positive": "よい評判", "negative": "悪い評判", "neutral": "どちらでもない"}[polarity]
        lines.append(random.choice([f"{good}{said}。{word}（{polarity}）。", f"{word}：{good}{said}。",
                                    f"「{good}{said}」という声は{polarity}に数える。"]))
    return "ja_cc", random.choice(["店の評判", "お客の声", "極性の調べ"]), "\n".join(lines)


def table(random):
    """A small data file or program about the island."""
    towns = random.sample(TOWNS, random.randint(3, 6))
    kind = random.randrange(4)
    if kind == 0:
        text = "name,founded,population\n" + "\n".join(
            f"{town.name.en},{town.founded},{town.population}" for town in towns)
        return "code", "towns.sql", "CREATE TABLE towns (name TEXT, founded INTEGER, population INTEGER);\n" + "\n".join(
            f"INSERT INTO towns VALUES ('{town.name.en}', {town.founded}, {town.population});" for town in towns) \
            if random.random() < 0.5 else text
    if kind == 1:
        town = towns[0]
        return "code", "fare.py", (
            f"# {town.name.ja}の{town.product.ja}の値段を計算する\nPRICE = {random.randint(2, 90)}\n\n\n"
            f"def total(count):\n    return PRICE * count\n\n\nprint('{town.product.en}', total({random.randint(2, 9)}))")
    if kind == 2:
        return "code", "festival.js", "const festivals = {\n" + "\n".join(
            f"  {town.name.en.lower()}: {{ month: {town.month}, name: '{town.festival.ja}' }}," for town in towns) + "\n};"
    return "code", "towns.md", "| 町 | 産物 | 料理 |\n|---|---|---|\n" + "\n".join(
        f"| {town.name.ja} | {town.product.ja} | {town.dish.ja} |" for town in towns)


# How often each kind is drawn.
KINDS = [(sketch, 17), (miscellany, 14), (quiz, 8), (judged, 6), (comparison, 8), (problems, 8), (sums, 2),
         (timetable, 2), (market, 5), (diary, 8), (dialogue, 9), (news, 8), (bilingual, 8), (english, 5),
         (glossary, 7), (letter, 6), (chronicle, 4), (instruction, 8),
         (logic, 3), (opinion, 3), (table, 3)]


def documents(random, size, avoided):
    """Documents until their texts make `size` bytes; no text comes twice, none holds a string of
    `avoided`."""
    makers, weights = zip(*KINDS)
    seen, total = set(), 0
    while total < size:
        subset, title, text = random.choices(makers, weights)[0](random)
        if text not in seen and not any(string in text for string in avoided):
            seen.add(text)
            total += len(text.encode())
            yield subset, title, text
