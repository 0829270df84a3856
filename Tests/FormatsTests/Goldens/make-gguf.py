"""Makes gguf/: a file with every metadata type and block format, what its tensors mean, and quantised rows.

gguf 0.19.0 with numpy 2.4.6: python make-gguf.py gguf
"""
import sys
import numpy as np
from gguf import GGUFWriter, GGMLQuantizationType as T, GGUFValueType as V, quants
from gguf.constants import GGML_QUANT_SIZES

out = sys.argv[1]
random = np.random.default_rng(7)
writer = GGUFWriter(f"{out}/peer.gguf", "llama")
writer.add_uint8("t.u8", 200)
writer.add_int8("t.i8", -100)
writer.add_uint16("t.u16", 60000)
writer.add_int16("t.i16", -30000)
writer.add_uint32("t.u32", 4000000000)
writer.add_int32("t.i32", -2000000000)
writer.add_float32("t.f32", 0.1)
writer.add_bool("t.bool", True)
writer.add_string("t.string", "舵 kaji\x00")
writer.add_array("t.strings", ["あ", "", "b"])
writer.add_array("t.ints", [1, -2, 3])
writer.add_uint64("t.u64", 2**63 + 1)
writer.add_int64("t.i64", -(2**62))
writer.add_float64("t.f64", 0.1)

expected = b""
floats = random.standard_normal((2, 256)).astype(np.float32)
writer.add_tensor("F32", floats)
expected += floats.tobytes()
half = floats.astype(np.float16)
writer.add_tensor("F16", half)
expected += half.astype(np.float32).tobytes()
for name in "BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K".split():
    kind = T[name]
    elements, size = GGML_QUANT_SIZES[kind]
    # Any bytes are a block; only the scales in half precision must be finite.
    data = random.integers(0, 256, (2, 256 // elements, size), dtype=np.uint8)
    if name != "BF16":
        for place in {"Q4_1": [0, 2], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}.get(name, [0]):
            scale = (random.standard_normal((2, 256 // elements, 1)) / 16).astype(np.float16)
            data[:, :, place:place + 2] = scale.view(np.uint8)
    else:
        data = quants.quantize(floats * 3, kind).reshape(2, 256, 2)
    data = np.ascontiguousarray(data.reshape(2, -1))
    writer.add_tensor(name, data, raw_dtype=kind)
    expected += quants.dequantize(data, kind).astype(np.float32).tobytes()
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
open(f"{out}/peer.f32", "wb").write(expected)

rows = random.standard_normal((8, 256)).astype(np.float32)
rows[0, :64] = 0
rows[1] *= 1e-6
rows[2] *= 3e4
rows[3] = np.round(rows[3] * 4) / 4  # ties
rows[4, 32:64] = 0.75  # one value
rows[5, 0], rows[5, 1] = 3.5, -3.5  # the largest magnitude twice
rows[6, :32] = np.abs(rows[6, :32])
rows[6, 32:64] = -np.abs(rows[6, 32:64])
rows[7, :32] *= 1e-42  # subnormal
open(f"{out}/rows.f32", "wb").write(rows.tobytes())
for name in "Q8_0 Q4_0 Q4_1 BF16".split():
    open(f"{out}/rows.{name}", "wb").write(quants.quantize(rows, T[name]).tobytes())
