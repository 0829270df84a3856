"""Makes web/: warcio 1.8.1 and Python 3.11's bz2: python make-web.py web"""
import bz2
import gzip
import io
import sys
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

out = sys.argv[1]
page = """<!doctype html><html lang="ja"><head><title>霧坂の塩</title><style>p { color: red }</style></head>
<body><nav><a href="/">ホーム</a> <a href="/b">地図</a></nav>
<main><h1>霧坂の塩の作り方</h1><p>霧坂の塩は春に作られ、
夏には<a href="/c">澪都</a>の市で売られる。海の水を石の鍋で煮る。</p>
<ul><li><a href="/1">次の頁を読む</a></li></ul><script>alert(1)</script></main>
<footer>著作権は霧坂町にある。無断で写すことを禁じる。</footer></body></html>"""


def answers(gz):
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=gz)
    date = {"WARC-Date": "2024-05-01T00:00:00Z"}

    def add(kind, body, number, head=None, status="200 OK", uri=None):
        http = StatusAndHeaders(status, head, protocol="HTTP/1.1") if head is not None else None
        fields = {**date, "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>"}
        record = writer.create_warc_record(
            uri or f"http://example.jp/{number}", kind, payload=io.BytesIO(body), http_headers=http,
            warc_headers_dict=fields)
        writer.write_record(record)

    add("request", b"GET / HTTP/1.1\r\n\r\n", 1)
    add("response", page.encode("shift_jis"), 2, [("Content-Type", "text/html; charset=Shift_JIS")])
    add("response", gzip.compress(page.encode(), mtime=0), 3,
        [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
    half = page.encode()
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (400, half[:400], len(half) - 400, half[400:])
    add("response", chunks, 4, [("Content-Type", "text/html; charset=utf-8"), ("Transfer-Encoding", "chunked")])
    add("response", b"not here", 5, [("Content-Type", "text/html")], status="404 Not Found")
    add("response", b"\x89PNG", 6, [("Content-Type", "image/png")])
    add("response", "文字だけ。".encode(), 7, [("Content-Type", "text/plain")])
    return file.getvalue()


open(f"{out}/pages.warc", "wb").write(answers(False))
open(f"{out}/pages.warc.gz", "wb").write(answers(True))
file = io.BytesIO()
writer = WARCWriter(file, gzip=True)
for number, text in enumerate(["一つ目の文。", "two\nlines"]):
    writer.write_record(writer.create_warc_record(
        f"http://example.jp/{number}", "conversion", payload=io.BytesIO(text.encode()),
        warc_content_type="text/plain", warc_headers_dict={"WARC-Date": "2024-05-01T00:00:00Z"}))
open(f"{out}/text.warc.wet.gz", "wb").write(file.getvalue())

head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ja">\n<siteinfo><sitename>W</sitename></siteinfo>\n'
pages = [
    """<page><title>霧坂</title><ns>0</ns><id>12</id><revision><id>1</id><text xml:space="preserve">{{基礎情報|名=霧坂{{ref|a}}}}
'''霧坂'''（きりさか、{{lang|en|Kirisaka}}）は[[海|海辺]]の[[町]]&lt;ref name="a"&gt;出典 [http://example.jp 町史]&lt;/ref&gt;である。&lt;!-- 注 --&gt;

== 産業 ==
* [[塩]]を作る。
[[ファイル:a.jpg|thumb|[[灯台]]の絵]]
{| class="wikitable"
! 年 !! 量
|-
| 1 || 2
|}
[[Category:町]]</text></revision></page>""",
    '<page><title>きりさか</title><ns>0</ns><id>13</id><redirect title="霧坂"/><revision><text>#転送 [[霧坂]]</text></revision></page>',
    "<page><title>ノート:霧坂</title><ns>1</ns><id>14</id><revision><text>議論</text></revision></page>",
    "<page><title>澪都</title><ns>0</ns><id>15</id><revision><text>古い</text></revision><revision><text>澪都は島だ。A &amp;amp; B</text></revision></page>",
    "<page><title>空</title><ns>0</ns><id>16</id><revision><text>{{工事中}}</text></revision></page>",
]
# As Wikipedia's multistream dumps: a stream for the head, one for some pages, one for the end.
open(f"{out}/dump.xml.bz2", "wb").write(
    bz2.compress(head.encode()) + bz2.compress("\n".join(pages[:2]).encode())
    + bz2.compress(("\n".join(pages[2:]) + "\n</mediawiki>\n").encode()))
