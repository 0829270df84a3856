#!/usr/bin/env python3
"""Training speed and memory of Kaji against PyTorch, interleaved, so that both meet the same machine.

    python3 Benchmarks/train.py --kaji .build/release/kaji --peer /path/to/python --turns 5

Each turn runs Kaji, PyTorch eager and torch.compile once, one after another. Prints the processor and, for each
shape, medians over the turns, their ratio to the better of the two, and peak memory, as lines of a Markdown table.
KAJI_CPU_LEVEL forces a lower level of Kaji's kernels ("AVX2"); PyTorch's are forced by ATEN_CPU_CAPABILITY=avx2 and
ONEDNN_MAX_CPU_ISA=AVX2, which this script sets beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def processor():
    with open("/proc/cpuinfo") as text:
        fields = dict(
            (part.strip() for part in line.split(":", 1)) for line in text if ":" in line)
    wanted = ["avx2", "avx512f", "avx512_bf16"]
    flags = [flag for flag in wanted if flag in fields["flags"].split()]
    family = f"family {fields['cpu family']} model {fields['model']}"
    return f"{fields['model name']} ({family}; {', '.join(flags)})"


def run(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kaji", required=True)
    parser.add_argument("--peer", required=True, help="a Python that has PyTorch")
    parser.add_argument("--shapes", nargs="+", default=["tiny", "small", "bench-150m"])
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--modes", nargs="+", default=["eager", "compile"])
    arguments = parser.parse_args()

    environment = dict(os.environ)
    if environment.get("KAJI_CPU_LEVEL") == "AVX2":
        environment |= {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
                        "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
    print(f"Processor: {processor()}; {arguments.threads} threads, {arguments.precision}, "
          f"{arguments.turns} turns of {arguments.steps} steps")
    print("| shape | Kaji tokens/s | " + " | ".join(arguments.modes)
          + " | ratio | of the roof | Kaji peak | PyTorch peak | ratio |")
    print("|---|---|" + "---|" * len(arguments.modes) + "---|---|---|---|---|")
    common = ["--threads", str(arguments.threads), "--steps", str(arguments.steps),
              "--precision", arguments.precision]
    for shape in arguments.shapes:
        results = {name: [] for name in ["kaji", *arguments.modes]}
        for _ in range(arguments.turns):
            results["kaji"].append(run(
                [arguments.kaji, "bench", "train", "--json", "--shape", shape, *common],
                environment))
            for mode in arguments.modes:
                results[mode].append(run(
                    [arguments.peer, os.path.join(HERE, "train_pytorch.py"), "--shape", shape,
                     "--mode", mode, *common], environment))

        def median(name, key):
            return statistics.median(result[key] for result in results[name])

        speeds = {name: median(name, "tokens_per_second") for name in results}
        best = max(arguments.modes, key=speeds.get)
        peak, peer = median("kaji", "peak_bytes"), median(best, "peak_bytes")
        cells = [shape, f"{speeds['kaji']:.0f}"] + [f"{speeds[m]:.0f}" for m in arguments.modes] + [
            f"{speeds['kaji'] / speeds[best]:.2f}", f"{median('kaji', 'gemm_roof_fraction'):.1%}",
            f"{peak / 1e6:.0f} MB", f"{peer / 1e6:.0f} MB", f"{peak / peer:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
