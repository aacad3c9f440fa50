#!/usr/bin/python3
"""Trains the picture finder on what make-set.ts wrote. Picks up from the last checkpoint; see ../README.md."""

import argparse
import copy
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from boxes import found_boxes, recall_counts
from data import Batches, Compositions
from network import PictureFinder

BATCH = 16
PEAK_RATE = 3e-3
WEIGHT_DECAY = 1e-4
WARM_UP = 0.04
# Weights are averaged over about so many steps.
AVERAGED = 400
LEVELS = (0.5, 0.75, 0.9)


def losses(maps, heat, sides, weight, runs):
    """The focal loss of CenterNet, 1 - IoU with the relative error of each side, and what cells say of sides."""
    logits = maps[:, :1]
    likely = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    hit = heat == 1
    counted = heat >= 0
    positive = -((1 - likely) ** 2) * torch.log(likely) * hit
    negative = -((1 - heat) ** 4) * likely**2 * torch.log(1 - likely) * (~hit & counted)
    middles = (positive.sum() + negative.sum()) / hit.sum().clamp(min=1)
    found = torch.exp(maps[:, 1:5].clamp(-3, 6.5))
    left, top, right, bottom = sides.clamp(min=0.1).unbind(1)
    l, t, r, b = found.unbind(1)
    shared = (torch.minimum(l, left) + torch.minimum(r, right)) * (torch.minimum(t, top) + torch.minimum(b, bottom))
    union = (l + r) * (t + b) + (left + right) * (top + bottom) - shared
    width, height = left + right, top + bottom
    off = ((l - left).abs() + (r - right).abs()) / width + ((t - top).abs() + (b - bottom).abs()) / height
    each = 1 - shared / union + off
    boxes = (each * weight[:, 0]).sum() / weight.sum().clamp(min=1)
    here = runs >= 0
    count = here.sum().clamp(min=1)
    there = F.binary_cross_entropy_with_logits(maps[:, 5:9], here.float(), reduction="sum") / count
    where = ((torch.sigmoid(maps[:, 9:]) - runs).abs() * here).sum() / count
    return middles, boxes, 0.5 * there + where


@torch.no_grad()
def validate(network, compositions, most):
    network.eval()
    counts = np.zeros(2 + len(LEVELS))
    most = min(most, compositions.first(1))
    for start in range(0, most, BATCH):
        items = [compositions[i] for i in range(start, min(start + BATCH, most))]
        maps = network(torch.stack([picture for picture, _, _ in items]))
        for i, (_, boxes, _) in enumerate(items):
            counts += recall_counts(found_boxes(maps[i].numpy()), boxes, LEVELS)
    network.train()
    wanted, found, *hits = counts
    return {"recall": [round(hit / max(1, wanted), 4) for hit in hits], "boxesPerWanted": round(found / max(1, wanted), 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of make-set.ts")
    parser.add_argument("--out", required=True, help="folder of checkpoint.pt and curves.json")
    parser.add_argument("--parts", type=int, default=64, help="of make-set.ts; waits for those that are being made")
    parser.add_argument("--samples", type=int, default=192_000, help="compositions shown in all")
    parser.add_argument("--validate", type=int, default=250, help="compositions to validate on")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    checkpoint = os.path.join(options.out, "checkpoint.pt")

    torch.manual_seed(options.seed)
    network = PictureFinder().to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(network)
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0}])
    steps, step, curve, seconds = options.samples // BATCH, 0, [], 0.0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        step, curve, seconds = saved["step"], saved["curve"], saved["seconds"]
        print(f"goes on from step {step}")

    validation = Compositions(options.data, "validation", 1)
    batches = Batches(Compositions(options.data, "train", options.parts), steps, BATCH, options.seed)
    loader = DataLoader(batches, None, sampler=range(step, steps), num_workers=1, prefetch_factor=4)
    started, sums = time.time(), np.zeros(4)
    for pictures, *wanted in loader:
        share = step / steps
        rate = PEAK_RATE * min(1, share / WARM_UP + 1e-3) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-6
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", dtype=torch.bfloat16):
            maps = network(pictures.to(memory_format=torch.channels_last))
        parts = losses(maps, *wanted)
        optimizer.zero_grad()
        sum(parts).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10)
        optimizer.step()
        step += 1
        keep = min(1 - 1 / AVERAGED, step / (step + 10))
        with torch.no_grad():
            for mean, now in zip(averaged.state_dict().values(), network.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.lerp_(now, 1 - keep)
                else:
                    mean.copy_(now)
        sums += [1, *(part.item() for part in parts)]
        if step % 100 == 0 or step == steps:
            point = {"samples": step * BATCH, "middles": round(sums[1] / sums[0], 4), "boxes": round(sums[2] / sums[0], 4), "sides": round(sums[3] / sums[0], 4)}
            sums[:] = 0
            if step % 500 == 0 or step == steps:
                point.update(validate(averaged, validation, options.validate))
            curve.append(point)
            spent = seconds + time.time() - started
            print(json.dumps(point), f"{spent:.0f} s", flush=True)
            torch.save(
                {
                    "network": network.state_dict(),
                    "averaged": averaged.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "step": step,
                    "curve": curve,
                    "seconds": spent,
                },
                checkpoint + ".new",
            )
            os.replace(checkpoint + ".new", checkpoint)
            with open(os.path.join(options.out, "curves.json"), "w") as file:
                json.dump({"parts": options.parts, "seed": options.seed, "samples": options.samples, "seconds": round(spent), "curve": curve}, file)


if __name__ == "__main__":
    main()
