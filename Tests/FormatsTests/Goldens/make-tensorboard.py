"""Makes tensorboard/: events as torch 2.15.0 and as newer writers (tensorboard 2.21.0) store them.

python make-tensorboard.py tensorboard
"""
import glob
import os
import shutil
import sys
import tempfile
from torch.utils.tensorboard import SummaryWriter
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.summary.writer.record_writer import RecordWriter

out = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    writer = SummaryWriter(folder)
    for step in range(3):
        writer.add_scalar("train/loss", 2.5 - step / 4, step, walltime=1000.5 + step)
    writer.close()
    shutil.copy(glob.glob(f"{folder}/*")[0], f"{out}/torch.tfevents")
with open(f"{out}/tensors.tfevents", "wb") as file:
    records = RecordWriter(file)
    records.write(Event(wall_time=1000.0, file_version="brain.Event:2").SerializeToString())
    for step, tensor in enumerate([
        TensorProto(dtype=1, float_val=[0.25]),
        TensorProto(dtype=1, tensor_content=b"\x00\x00\x40\x3f"),
        TensorProto(dtype=2, double_val=[1.25]),
    ]):
        value = Summary.Value(tag="損失", tensor=tensor)
        records.write(Event(wall_time=1001.0 + step, step=step - 1, summary=Summary(value=[value])).SerializeToString())
