"""Makes wandb/run-golden.wandb: wandb 0.31.0, `python make-wandb.py` in an empty folder, then its run-*.wandb copied here."""
import math, os
os.environ["WANDB_MODE"] = "offline"
os.environ["WANDB_SILENT"] = "true"
os.environ["WANDB_DISABLE_STATS"] = "true"
os.environ["WANDB_CONSOLE"] = "off"
os.environ["WANDB_DISABLE_GIT"] = "true"
os.environ["WANDB_DISABLE_CODE"] = "true"
import wandb
run = wandb.init(project="p", config={"lr": 0.001}, settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True, x_disable_machine_info=True))
for step in range(1, 61):
    values = {"train/loss": 3 + math.exp(-step / 50) + (4 if step == 40 else 0) + 0.01 * math.sin(step), "train/grad_norm": 1.0, "note": "text" * 40}
    if step == 50:
        values["train/loss"] = float("nan")
    if step % 20 == 0:
        values["eval/loss"] = 3.2
    wandb.log(values, step=step)
run.finish()
