"""Makes parquet/: one table in each form of page. pyarrow 26.0.1: python make-parquet.py parquet"""
import json
import sys
import pyarrow as pa
import pyarrow.parquet as pq

out = sys.argv[1]
texts = ["霧坂の塩は春に作られる。", None, "", "a" * 300, "石守の橋"] * 40 + ["終わり"]
table = pa.table({
    "id": pa.array(range(len(texts)), pa.int64()),
    "text": pa.array(texts, pa.string()),
    "tags": pa.array([[f"t{i}", "x"] for i in range(len(texts))], pa.list_(pa.string())),
    "source": pa.array([f"source-{i % 3}" for i in range(len(texts))], pa.string()),
    "score": pa.array([i / 7 for i in range(len(texts))], pa.float32()),
})
forms = {
    "plain": dict(compression="none", use_dictionary=False),
    "dictionary": dict(compression="none", use_dictionary=True),
    "snappy": dict(compression="snappy", use_dictionary=False, row_group_size=64),
    "zstd": dict(compression="zstd", data_page_size=256, use_dictionary=False, write_batch_size=16),
    "gzip": dict(compression="gzip"),
    "second": dict(compression="snappy", data_page_version="2.0", row_group_size=100),
}
for name, options in forms.items():
    pq.write_table(table, f"{out}/{name}.parquet", **options)
required = pa.table([pa.array(["x", "y"])], schema=pa.schema([pa.field("content", pa.string(), False)]))
pq.write_table(required, f"{out}/required.parquet", compression="snappy")
pq.write_table(table.slice(0, 5), f"{out}/brotli.parquet", compression="brotli")
with open(f"{out}/rows.jsonl", "w") as file:
    for row in table.to_pylist():
        file.write(json.dumps({"text": row["text"], "source": row["source"]}, ensure_ascii=False) + "\n")
