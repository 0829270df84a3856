"""Makes stream/: units of a megabyte of plain text, packed small, for streams of any length.

warcio 1.8.1, pyarrow 26.0.1 and Python 3.11's bz2 and gzip: python make-stream.py stream
"""
import bz2
import gzip
import io
import json
import sys
import pyarrow as pa
import pyarrow.parquet as pq
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

out = sys.argv[1]
text = "霧坂の塩は春に作られ、夏に売られる。" * 19

lines = "".join(json.dumps({"text": f"{i} {text}"}, ensure_ascii=False) + "\n" for i in range(1000))
open(f"{out}/lines.jsonl.gz", "wb").write(gzip.compress(lines.encode(), mtime=0))

plain = io.BytesIO()
writer = WARCWriter(plain, gzip=False)
for i in range(1000):
    page = f"<html><title>{i}</title><body><nav><a href=/>x</a></nav><main><p>{text}</p></main></html>"
    writer.write_record(writer.create_warc_record(
        f"http://example.jp/{i}", "response", payload=io.BytesIO(page.encode()),
        http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2024-05-01T00:00:00Z",
                           "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{i:012}>"}))
open(f"{out}/pages.warc.gz", "wb").write(gzip.compress(plain.getvalue(), mtime=0))

page = "<page><title>a</title><ns>0</ns><id>1</id><revision><text>%s</text></revision></page>\n" % text
# As a multistream dump: the head, pages, the end.
for name, part in [("head", "<mediawiki>\n"), ("pages", page * 1000), ("end", "</mediawiki>\n")]:
    open(f"{out}/{name}.xml.bz2", "wb").write(bz2.compress(part.encode()))

for groups in [2, 48]:
    table = pa.table({"text": [text] * (1000 * groups)})
    pq.write_table(table, f"{out}/{groups}.parquet", compression="zstd", use_dictionary=False, row_group_size=1000,
                   write_statistics=False)
