"""The training set that make-set.ts wrote, and what is varied each time a composition is shown."""

import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from network import CELLS, INPUT_SIDE, STRIDE

# Boxes with a shorter side, in input pixels, are neither wanted nor punished.
LEAST_SIDE = 10.0
# A box that a crop leaves less than this share of is not wanted.
LEAST_VISIBLE = 0.4
# Shares of what is shown that are two compositions in one, and that are one on a ground of one colour.
PAIR_SHARE = 0.12
SMALLER_SHARE = 0.1


# A training begins with so many parts of the set, while the others are still being made.
FIRST_PARTS = 8


class Compositions:
    """The parts of a set, each opened once it is wanted; waits for a part that isn't made yet."""

    def __init__(self, folder, name, parts):
        self.folder, self.name, self.total, self.parts = folder, name, parts, []

    def first(self, parts):
        """How many compositions the first so many parts have."""
        while len(self.parts) < min(parts, self.total):
            path = os.path.join(self.folder, f"{self.name}-{len(self.parts):03d}")
            while not os.path.exists(path + ".json"):
                time.sleep(2)
            with open(path + ".json") as file:
                labels = json.load(file)
            shape = (len(labels), INPUT_SIDE, INPUT_SIDE, 3)
            self.parts.append((np.memmap(path + ".bin", np.uint8, "r", shape=shape), labels))
        return sum(len(labels) for _, labels in self.parts[:parts])

    def __getitem__(self, number):
        for pixels, labels in self.parts:
            if number < len(labels):
                break
            number -= len(labels)
        boxes = np.array(labels[number]["boxes"], np.float32).reshape(-1, 4)
        picture = torch.from_numpy(np.array(pixels[number])).permute(2, 0, 1).float().div_(255)
        return picture, boxes, labels[number]["family"]


class Batches:
    """Batch n of a training: it depends on the seed and on n alone, so that a run that was broken off goes on as it
    would have."""

    def __init__(self, compositions, steps, size, seed):
        self.compositions, self.steps, self.size, self.seed = compositions, steps, size, seed

    def __len__(self):
        return self.steps

    def __getitem__(self, step):
        parts = FIRST_PARTS + (self.compositions.total - FIRST_PARTS) * step // self.steps
        random = np.random.default_rng([self.seed, step])
        torch.manual_seed(self.seed * 1_000_003 + step)
        count = self.compositions.first(parts)
        return batch(self.compositions, random.integers(0, count, self.size), random)


def vary(picture, boxes, random):
    """Cuts a little off, mirrors, changes light and colours. Boxes: left, top, right, bottom."""
    if random.random() < 0.5:
        size = 1 - random.choice([0.22, 0.22, 0.5]) * random.random(2)
        left, top = (1 - size) * random.random(2) * INPUT_SIDE
        x0, y0 = int(left), int(top)
        x1, y1 = int(left + size[0] * INPUT_SIDE), int(top + size[1] * INPUT_SIDE)
        picture = F.interpolate(picture[None, :, y0:y1, x0:x1], (INPUT_SIDE, INPUT_SIDE), mode="bilinear", align_corners=False)[0]
        moved = (boxes - [x0, y0, x0, y0]) * ([INPUT_SIDE / (x1 - x0), INPUT_SIDE / (y1 - y0)] * 2)
        cut = moved.clip(0, INPUT_SIDE)
        area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
        boxes = cut[area(cut) > LEAST_VISIBLE * area(moved)].astype(np.float32)
    if random.random() < 0.5:
        picture = picture.flip(2)
        boxes = np.stack([INPUT_SIDE - boxes[:, 2], boxes[:, 1], INPUT_SIDE - boxes[:, 0], boxes[:, 3]], 1)
    if random.random() < 0.15:
        picture = picture[torch.from_numpy(random.permutation(3))]
    if random.random() < 0.1:
        picture = 1 - picture
    if random.random() < 0.6:
        gain, lift = 0.75 + 0.5 * random.random(), 0.2 * random.random() - 0.1
        picture = (picture * gain + lift).clamp(0, 1)
    if random.random() < 0.3:
        picture = picture + torch.randn(picture.shape) * (0.04 * random.random())
    return picture, boxes


def into(picture, boxes, left, top, right, bottom):
    """A picture with its boxes at the size of a rectangle of whole pixels."""
    size = (bottom - top, right - left)
    small = F.interpolate(picture[None], size, mode="bilinear", align_corners=False, antialias=True)[0]
    factor = np.array([size[1], size[0]] * 2, np.float32) / INPUT_SIDE
    return small, boxes * factor + np.array([left, top, left, top], np.float32)


def pair(one, other, random):
    """Two compositions beside each other, or one above the other."""
    at = int(INPUT_SIDE * (0.3 + 0.4 * random.random()))
    first, second = (0, 0, at, INPUT_SIDE), (at, 0, INPUT_SIDE, INPUT_SIDE)
    stacked = random.random() < 0.5
    if stacked:
        first, second = (0, 0, INPUT_SIDE, at), (0, at, INPUT_SIDE, INPUT_SIDE)
    (a, boxes_a), (b, boxes_b) = into(*one, *first), into(*other, *second)
    return torch.cat([a, b], 1 if stacked else 2), np.concatenate([boxes_a, boxes_b])


def smaller(picture, boxes, random):
    """A composition on a ground of one colour."""
    size = (INPUT_SIDE * (0.5 + 0.45 * random.random(2))).astype(int)
    left, top = (random.random(2) * (INPUT_SIDE - size)).astype(int)
    small, boxes = into(picture, boxes, left, top, left + size[0], top + size[1])
    ground = torch.from_numpy(random.choice([random.random(3), random.random() * np.ones(3)]).astype(np.float32))
    whole = ground[:, None, None].repeat(1, INPUT_SIDE, INPUT_SIDE)
    whole[:, top : top + size[1], left : left + size[0]] = small
    return whole, boxes


def targets(boxes):
    """The map of middles (1 x cells x cells), the wanted distances (4 x cells x cells), where those count, and
    for left, top, right, bottom (4 x cells x cells) where in the cell such a side runs, -1 where none does."""
    heat = np.zeros((CELLS, CELLS), np.float32)
    sides = np.zeros((4, CELLS, CELLS), np.float32)
    weight = np.zeros((CELLS, CELLS), np.float32)
    ignore = np.zeros((CELLS, CELLS), bool)
    runs = np.full((4, CELLS, CELLS), -1, np.float32)
    y, x = np.mgrid[0:CELLS, 0:CELLS].astype(np.float32) * STRIDE + STRIDE / 2
    # The smallest last, so that it wins where two middles meet.
    order = np.argsort(-((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])))
    for left, top, right, bottom in boxes[order]:
        width, height = right - left, bottom - top
        # Cells whose middle lies beside the side.
        rows = slice(*(np.array([top, bottom]) / STRIDE + 0.5).astype(int))
        columns = slice(*(np.array([left, right]) / STRIDE + 0.5).astype(int))
        for i, at in enumerate((left, top, right, bottom)):
            cell = min(CELLS - 1, int(at / STRIDE))
            if i % 2 == 0:
                runs[i, rows, cell] = at / STRIDE - cell
            else:
                runs[i, cell, columns] = at / STRIDE - cell
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        column = min(CELLS - 1, int(middle_x / STRIDE))
        row = min(CELLS - 1, int(middle_y / STRIDE))
        if min(width, height) < LEAST_SIDE:
            ignore[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = True
            continue
        near = np.exp(
            -((x - middle_x) ** 2) / (2 * max(0.6 * STRIDE, 0.1 * width) ** 2)
            - ((y - middle_y) ** 2) / (2 * max(0.6 * STRIDE, 0.1 * height) ** 2)
        )
        near[row, column] = 1
        distances = np.stack([x - left, y - top, right - x, bottom - y])
        wins = (near >= heat) & (near > 0.3) & (distances.min(0) > 1)
        sides[:, wins] = distances[:, wins]
        weight[wins] = near[wins]
        heat = np.maximum(heat, near)
    heat[ignore & (heat < 1)] = -1
    return heat[None], sides, weight[None], runs


def batch(compositions, numbers, random):
    pictures, maps = [], []
    for number in numbers:
        picture, boxes, _ = compositions[number]
        way = random.random()
        if way < PAIR_SHARE:
            other, its_boxes, _ = compositions[random.choice(numbers)]
            picture, boxes = pair((picture, boxes), (other, its_boxes), random)
        elif way < PAIR_SHARE + SMALLER_SHARE:
            picture, boxes = smaller(picture, boxes, random)
        picture, boxes = vary(picture, boxes, random)
        pictures.append(picture)
        maps.append(targets(boxes))
    return torch.stack(pictures), *(torch.from_numpy(np.stack(kind)) for kind in zip(*maps))
