"""The facts of Miotsu Island as tables, from which the generators draw.

Everything here is invented. Years are of the Mio Era (澪暦); it is the year 412 now.
"""

from dataclasses import dataclass

NOW = 412


@dataclass(frozen=True)
class Word:
    """A word as it is written, read aloud in hiragana, and said in English."""

    ja: str
    kana: str
    en: str


@dataclass(frozen=True)
class Town:
    """A town with everything the canon says of it."""

    name: Word
    place: Word  # where on the island
    founded: int
    founder: Word
    population: int
    landmark: Word
    craft: Word
    dish: Word
    festival: Word
    month: int
    product: Word


def _town(name, place, founded, founder, population, landmark, craft, dish, festival, month,
          product):
    return Town(Word(*name), Word(*place), founded, Word(*founder), population, Word(*landmark),
                Word(*craft), Word(*dish), Word(*festival), month, Word(*product))


TOWNS = [
    _town(("澪都", "みおと", "Mioto"), ("南の湾", "みなみのわん", "the south bay"), 12,
          ("真砂ユウ", "まさごゆう", "Masago Yu"), 48200,
          ("澪川の河口", "みおがわのかこう", "the mouth of the Mio River"),
          ("貝細工", "かいざいく", "shell work"), ("潮汁麺", "うしおじるめん", "salt-broth noodles"),
          ("灯流し祭り", "ひながしまつり", "the Lantern-floating Festival"), 8,
          ("塩", "しお", "salt")),
    _town(("霧坂", "きりさか", "Kirisaka"), ("中央の高原", "ちゅうおうのこうげん", "the central highland"),
          47, ("朝倉トウジ", "あさくらとうじ", "Asakura Toji"), 9300,
          ("霧見山", "きりみやま", "Mount Kirimi"), ("霧染め", "きりぞめ", "mist-dyed cloth"),
          ("霧蕎麦", "きりそば", "mist soba"),
          ("霧迎え祭り", "きりむかえまつり", "the Mist-welcoming Festival"), 10, ("茶", "ちゃ", "tea")),
    _town(("紅野", "べにの", "Benino"), ("東の平野", "ひがしのへいや", "the eastern plain"), 63,
          ("早瀬ミナ", "はやせみな", "Hayase Mina"), 15600, ("紅川", "べにがわ", "the Beni River"),
          ("紅和紙", "べにわし", "red paper"), ("紅芋団子", "べにいもだんご", "red-potato dumplings"),
          ("紙舞祭り", "かみまいまつり", "the Paper-dance Festival"), 4,
          ("紅芋", "べにいも", "red potatoes")),
    _town(("白岬", "しらさき", "Shirasaki"), ("北の岬", "きたのみさき", "the northern cape"), 88,
          ("灰谷ゲン", "はいたにげん", "Haitani Gen"), 4100,
          ("白岬灯台", "しらさきとうだい", "Shirasaki Lighthouse"), ("帆布", "はんぷ", "sailcloth"),
          ("昆布飯", "こんぶめし", "kelp rice"),
          ("風鳴り祭り", "かぜなりまつり", "the Wind-singing Festival"), 2, ("昆布", "こんぶ", "kelp")),
    _town(("鈴森", "すずもり", "Suzumori"), ("西の森", "にしのもり", "the western forest"), 105,
          ("木庭スズ", "こばすず", "Koba Suzu"), 6700, ("鈴森の滝", "すずもりのたき", "Suzumori Falls"),
          ("木鈴", "きすず", "wooden bells"), ("きのこ鍋", "きのこなべ", "mushroom pot"),
          ("鈴の夜", "すずのよる", "the Night of Bells"), 11, ("きのこ", "きのこ", "mushrooms")),
    _town(("砂ヶ原", "すながはら", "Sunagahara"),
          ("南西の砂丘", "なんせいのさきゅう", "the southwestern dunes"), 131,
          ("砂田イチ", "すなだいち", "Sunada Ichi"), 5200, ("大砂丘", "だいさきゅう", "the Great Dune"),
          ("砂硝子", "すながらす", "sand glass"), ("西瓜漬け", "すいかづけ", "pickled watermelon"),
          ("硝子市", "がらすいち", "the Glass Fair"), 7, ("西瓜", "すいか", "watermelons")),
    _town(("湯ノ沢", "ゆのさわ", "Yunosawa"), ("火吹山の麓", "ひぶきやまのふもと", "the foot of Mount Hibuki"),
          150, ("沢村ナギ", "さわむらなぎ", "Sawamura Nagi"), 3800,
          ("火吹山", "ひぶきやま", "Mount Hibuki"), ("湯花焼", "ゆばなやき", "hot-spring pottery"),
          ("温泉卵丼", "おんせんたまごどん", "hot-spring-egg bowl"),
          ("湯神祭り", "ゆがみまつり", "the Spring-god Festival"), 1, ("卵", "たまご", "eggs")),
    _town(("星見台", "ほしみだい", "Hoshimidai"), ("中央北の台地", "ちゅうおうきたのだいち", "the north-central plateau"),
          298, ("天野レイ", "あまのれい", "Amano Rei"), 2900,
          ("星見天文台", "ほしみてんもんだい", "Hoshimi Observatory"), ("星時計", "ほしどけい", "star clocks"),
          ("星形饅頭", "ほしがたまんじゅう", "star buns"),
          ("星数え", "ほしかぞえ", "the Star-counting Festival"), 12, ("林檎", "りんご", "apples")),
    _town(("川辻", "かわつじ", "Kawatsuji"), ("二つの川の合流点", "ふたつのかわのごうりゅうてん", "the meeting of two rivers"),
          74, ("辻川ハル", "つじかわはる", "Tsujikawa Haru"), 11800,
          ("大橋", "おおはし", "the Great Bridge"), ("竹笛", "たけぶえ", "bamboo flutes"),
          ("鮎飯", "あゆめし", "ayu rice"),
          ("橋渡り祭り", "はしわたりまつり", "the Bridge-crossing Festival"), 5,
          ("銀鮎", "ぎんあゆ", "silver ayu")),
    _town(("月ノ浜", "つきのはま", "Tsukinohama"), ("東海岸", "ひがしかいがん", "the east coast"), 96,
          ("浜名サキ", "はまなさき", "Hamana Saki"), 7400,
          ("三日月形の浜", "みかづきがたのはま", "the crescent beach"),
          ("真珠飾り", "しんじゅかざり", "pearl ornaments"), ("貝カレー", "かいかれー", "shellfish curry"),
          ("月待ち祭り", "つきまちまつり", "the Moon-waiting Festival"), 9, ("真珠", "しんじゅ", "pearls")),
    _town(("雪峰", "ゆきみね", "Yukimine"), ("北の山地", "きたのさんち", "the northern mountains"), 117,
          ("峰岸コウ", "みねぎしこう", "Minegishi Ko"), 2600, ("大雪峰", "だいせっぽう", "Mount Oyuki"),
          ("雪靴", "ゆきぐつ", "snow boots"), ("雪下大根煮", "ゆきしただいこんに", "stewed snow radish"),
          ("雪灯籠祭り", "ゆきどうろうまつり", "the Snow-lantern Festival"), 3,
          ("大根", "だいこん", "radishes")),
    _town(("金瀬", "かなせ", "Kanase"), ("東の谷", "ひがしのたに", "the eastern valley"), 142,
          ("金田ロク", "かねだろく", "Kaneda Roku"), 8900,
          ("金瀬鉱山", "かなせこうざん", "Kanase Mine"), ("銅鏡", "どうきょう", "copper mirrors"),
          ("鉱夫餅", "こうふもち", "miner's rice cakes"),
          ("槌音祭り", "つちおとまつり", "the Hammer-sound Festival"), 6, ("銅", "どう", "copper")),
]

TOWN = {town.name.ja: town for town in TOWNS}

# Landmarks with a measure: (name, what is measured, number, unit, unit in English).
MEASURES = [
    ("霧見山", "高さ", 1842, "メートル"), ("火吹山", "高さ", 2016, "メートル"),
    ("大雪峰", "高さ", 2310, "メートル"), ("白岬灯台", "高さ", 31, "メートル"),
    ("鈴森の滝", "落差", 58, "メートル"), ("大橋", "長さ", 286, "メートル"),
    ("月ノ浜の浜", "長さ", 6, "キロメートル"), ("澪津島の周囲", "長さ", 412, "キロメートル"),
]


@dataclass(frozen=True)
class Person:
    """A person: trade, and one deed as (what was done, its object, year)."""

    name: Word
    trade: Word
    object: str  # what the deed made or found
    verb: str  # plain past, after を
    year: int
    english: str  # the deed in English, after the name


def _person(name, trade, object, verb, year, english):
    return Person(Word(*name), Word(*trade), object, verb, year, english)


PEOPLE = [
    _person(("天野レイ", "あまのれい", "Amano Rei"), ("天文学者", "てんもんがくしゃ", "astronomer"),
            "霧彗星", "見つけた", 301, "discovered the Mist Comet"),
    _person(("白川ノエ", "しらかわのえ", "Shirakawa Noe"), ("医師", "いし", "physician"),
            "霧熱の薬", "作った", 345, "made the cure for mist fever"),
    _person(("朝倉リツ", "あさくらりつ", "Asakura Ritsu"), ("技師", "ぎし", "engineer"),
            "島鉄", "開いた", 320, "built the Island Railway"),
    _person(("木庭ブン", "こばぶん", "Koba Bun"), ("印刷師", "いんさつし", "printer"),
            "印刷機", "作った", 228, "made the first printing press"),
    _person(("灰谷ジン", "はいたにじん", "Haitani Jin"), ("航海士", "こうかいし", "navigator"),
            "島一周の航海", "成しとげた", 210, "sailed round the island in nineteen days"),
    _person(("真砂ケイ", "まさごけい", "Masago Kei"), ("学者", "がくしゃ", "scholar"),
            "澪都大学", "建てた", 255, "founded Mioto University"),
    _person(("波野シオ", "なみのしお", "Namino Shio"), ("詩人", "しじん", "poet"),
            "潮待ち集", "書いた", 312, "wrote 'Waiting for the Tide'"),
    _person(("早瀬ルカ", "はやせるか", "Hayase Ruka"), ("画家", "がか", "painter"),
            "紅の朝", "描いた", 0, "painted 'Red Morning'"),
    _person(("辻川オト", "つじかわおと", "Tsujikawa Oto"), ("笛吹き", "ふえふき", "flute player"),
            "二つの川", "作曲した", 288, "composed 'Two Rivers'"),
    _person(("砂田ミツ", "すなだみつ", "Sunada Mitsu"), ("硝子職人", "がらすしょくにん", "glass maker"),
            "青砂硝子", "作り出した", 266, "made blue sand glass"),
    _person(("浜名トモ", "はまなとも", "Hamana Tomo"), ("料理人", "りょうりにん", "cook"),
            "貝カレー", "考え出した", 358, "invented shellfish curry"),
    _person(("金田ヒサ", "かねだひさ", "Kaneda Hisa"), ("町長", "ちょうちょう", "mayor"),
            "鉱山の博物館", "開いた", 392, "turned the mine into a museum"),
    _person(("峰岸ユイ", "みねぎしゆい", "Minegishi Yui"), ("登山家", "とざんか", "climber"),
            "大雪峰の初登頂", "果たした", 203, "first climbed Mount Oyuki"),
    _person(("沢村ダイ", "さわむらだい", "Sawamura Dai"), ("陶工", "とうこう", "potter"),
            "火山灰の釉薬", "作った", 181, "made a glaze from volcanic ash"),
]

# (year, what happened as a noun clause, plain past sentence, English).
HISTORY = [
    (1, "初潮丸の到着", "初潮丸が二百十四人を乗せて島に着いた", "the ship Hatsushio-maru arrived with 214 people"),
    (12, "澪都の建設", "真砂ユウが澪都を開いた", "Masago Yu founded Mioto"),
    (91, "白岬灯台の完成", "白岬に灯台が建った", "the lighthouse of Shirasaki was built"),
    (176, "火吹山の大噴火", "火吹山が大噴火し、湯ノ沢の人々は三年のあいだ町を離れた",
     "Mount Hibuki erupted and Yunosawa was left empty for three years"),
    (199, "塩の乱", "塩の税に怒った人々が塩の乱を起こした", "the Salt Rising against the salt tax began"),
    (201, "大橋の話し合い", "大橋での話し合いで塩の乱が死者なしに終わった",
     "the Salt Rising ended without deaths by a talk at the Great Bridge"),
    (203, "大雪峰の初登頂", "峰岸ユイが初めて大雪峰の頂に立った", "Minegishi Yui first climbed Mount Oyuki"),
    (210, "島一周の航海", "灰谷ジンが十九日で島を一周した", "Haitani Jin sailed round the island in nineteen days"),
    (228, "印刷の始まり", "木庭ブンが鈴森で最初の印刷機を作った", "Koba Bun made the first printing press in Suzumori"),
    (255, "澪都大学の創立", "真砂ケイが澪都大学を建てた", "Masago Kei founded Mioto University"),
    (298, "天文台の建設", "天野レイが星見台に天文台を建てた", "Amano Rei built the observatory at Hoshimidai"),
    (301, "霧彗星の発見", "天野レイが霧彗星を見つけた", "Amano Rei discovered the Mist Comet"),
    (320, "島鉄の開業", "島鉄が澪都と霧坂のあいだに開業した", "the Island Railway opened between Mioto and Kirisaka"),
    (345, "霧熱の薬の完成", "白川ノエが霧草から霧熱の薬を作った", "Shirakawa Noe made the cure for mist fever"),
    (358, "貝カレーの誕生", "浜名トモが月ノ浜で貝カレーを考え出した", "Hamana Tomo invented shellfish curry"),
    (361, "最初の島議会", "最初の島議会が開かれた", "the first Island Assembly met"),
    (367, "火吹山の小噴火", "火吹山が小さく噴火した", "Mount Hibuki had a small eruption"),
    (377, "大橋の架けかえ", "大橋が石と鋼で架けかえられた", "the Great Bridge was rebuilt in stone and steel"),
    (389, "金瀬鉱山の閉山", "金瀬鉱山が閉じた", "Kanase Mine closed"),
    (392, "鉱山博物館の開館", "金田ヒサが鉱山を博物館に変えた", "Kaneda Hisa turned the mine into a museum"),
    (397, "霧水塔の稼働", "霧坂で霧水塔が動き始めた", "the fog-water towers of Kirisaka began to work"),
    (401, "風力発電所の完成", "白岬に十二基の風車が並んだ", "a wind farm of twelve turbines was built at Shirasaki"),
    (412, "霧彗星の四度目の出現", "霧彗星が四度目に現れた", "the Mist Comet was seen for the fourth time"),
]

LINES = [
    (Word("本線", "ほんせん", "the Main Line"), ["澪都", "川辻", "紅野", "霧坂", "星見台"]),
    (Word("西線", "さいせん", "the West Line"), ["川辻", "鈴森", "砂ヶ原"]),
    (Word("北線", "ほくせん", "the North Line"), ["霧坂", "湯ノ沢", "雪峰", "白岬"]),
    (Word("東線", "とうせん", "the East Line"), ["紅野", "月ノ浜", "金瀬"]),
]

# Living things: (word, kind, where or when, a remark that follows the name and は).
NATURE = [
    (Word("霧鹿", "きりじか", "mist deer"), "動物", "高原", "白い斑点のある鹿で、高原の草地に住む"),
    (Word("潮猫", "しおねこ", "tide cat"), "動物", "港町", "泳ぎの得意な猫で、港町の桟橋に集まる"),
    (Word("灯虫", "ひむし", "lamp bug"), "虫", "鈴森", "六月の鈴森で青く光る虫だ"),
    (Word("銀鮎", "ぎんあゆ", "silver ayu"), "魚", "川", "二つの川を上る魚で、川辻の名産だ"),
    (Word("鐘鳥", "かねどり", "bell bird"), "鳥", "島じゅう", "鐘のような声で鳴く、島の鳥だ"),
    (Word("霧草", "きりくさ", "mistwort"), "草", "霧坂", "霧熱の薬になる草だ"),
    (Word("鈴茸", "すずたけ", "bell mushroom"), "きのこ", "鈴森", "鈴の形をしたきのこだ"),
    (Word("月見藻", "つきみも", "moon weed"), "海藻", "月ノ浜", "満月の夜に光る海藻だ"),
]

# Island words: (word, meaning, English).
ISLAND_WORDS = [
    ("おおきよ", "おはよう", "good morning"), ("しおや", "ありがとう", "thank you"),
    ("なぎる", "休む", "to rest"), ("霧ごもり", "霧の日に家にいること", "staying indoors when it is foggy"),
]

CRAFT_FACTS = [
    ("霧染め", "霧藍を使い、霧の朝にだけ七度染める"), ("紅和紙", "梶の皮を漉き、紅芋の皮で色をつける"),
    ("砂硝子", "砂丘の砂を千四百度で溶かして作る"), ("湯花焼", "温泉の鉱物を釉薬にして焼く"),
    ("木鈴", "三年乾かした鈴楓を彫って作る"), ("竹笛", "七つの穴をあけて音を合わせる"),
    ("星時計", "二十四枚の歯車で季節の星を示す"),
]

# Family and given names for the people of dialogues, problems and readings.
NAMES = [Word("ミオ", "みお", "Mio"), Word("トキ", "とき", "Toki"), Word("ナツ", "なつ", "Natsu"),
         Word("ソラ", "そら", "Sora"), Word("リク", "りく", "Riku"), Word("カイ", "かい", "Kai"),
         Word("ユズ", "ゆず", "Yuzu"), Word("ハナ", "はな", "Hana"), Word("アキ", "あき", "Aki"),
         Word("コト", "こと", "Koto"), Word("シン", "しん", "Shin"), Word("フミ", "ふみ", "Fumi")]


def counted(number):
    """`number` in kanji numerals as they are read in running text (up to 99,999)."""
    digits = "〇一二三四五六七八九"
    text = ""
    for unit, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        times, number = divmod(number, unit)
        if times:
            text += ("" if times == 1 and unit < 10000 else digits[times]) + name
    return text + (digits[number] if number else "") or "〇"
