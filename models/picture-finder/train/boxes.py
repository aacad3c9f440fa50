"""Boxes from the network's maps and how many are right, for the curve of a training: without what cells say of sides. What ships is src/finder/boxes.ts."""

import numpy as np

from network import CELLS, STRIDE

LEAST_SCORE = 0.25
SAME = 0.6


def iou(one, many):
    width = np.minimum(one[2], many[:, 2]) - np.maximum(one[0], many[:, 0])
    height = np.minimum(one[3], many[:, 3]) - np.maximum(one[1], many[:, 1])
    shared = width.clip(0) * height.clip(0)
    area = lambda b: (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1])
    return shared / (area(one) + area(many) - shared)


def found_boxes(maps):
    heat = 1 / (1 + np.exp(-maps[0]))
    padded = np.pad(heat, 1)
    around = np.max([padded[dy : dy + CELLS, dx : dx + CELLS] for dy in range(3) for dx in range(3)], 0)
    rows, columns = np.nonzero((heat >= around) & (heat > LEAST_SCORE))
    kept = []
    for i in np.argsort(-heat[rows, columns]):
        row, column = rows[i], columns[i]
        left, top, right, bottom = np.exp(maps[1:5, row, column])
        x, y = (column + 0.5) * STRIDE, (row + 0.5) * STRIDE
        box = np.array([x - left, y - top, x + right, y + bottom]).clip(0, CELLS * STRIDE)
        if not kept or iou(box, np.array(kept)).max() < SAME:
            kept.append(box)
    return np.array(kept[:24]).reshape(-1, 4)


def recall_counts(found, wanted, levels):
    """How many are wanted, how many were found, and how many of the wanted have one found at each level of IoU."""
    sizes = np.minimum(wanted[:, 2] - wanted[:, 0], wanted[:, 3] - wanted[:, 1]) if len(wanted) else np.zeros(0)
    wanted = wanted[sizes >= 16]
    best = np.array([iou(box, found).max() if len(found) else 0 for box in wanted])
    return np.array([len(wanted), len(found), *[(best >= level).sum() for level in levels]], float)
