"""Makes megatron/: megatron-core 0.16.1: python make-megatron.py megatron"""
import sys
import numpy as np
import torch
from megatron.core.datasets.indexed_dataset import IndexedDatasetBuilder

out = sys.argv[1]
for name, kind in [("u16", np.uint16), ("i32", np.int32)]:
    builder = IndexedDatasetBuilder(f"{out}/{name}.bin", dtype=kind)
    builder.add_item(torch.tensor([1, 2, 3]))
    builder.add_item(torch.tensor([], dtype=torch.int64))
    builder.end_document()
    builder.add_item(torch.tensor([65535, 0]))
    builder.end_document()
    builder.finalize(f"{out}/{name}.idx")
