"""The picture finder's network: an encoder to 1/32 of the size, a decoder back to 1/8, one head.

Of each cell of 8 x 8 input pixels it says how likely the middle of a picture lies there, and how far the
picture's sides are from the cell's middle (FCOS, Tian et al. 2019; the map of centres as in CenterNet, Zhou et
al. 2019). And it says of each cell whether a picture's left, top, right or bottom side runs through it, and where,
since that can be seen on the spot far better than from the middle. Plain 3 x 3 convolutions, since those are what the runtimes are fast at.
"""

import torch
from torch import nn
import torch.nn.functional as F

INPUT_SIDE = 256
STRIDE = 8
CELLS = INPUT_SIDE // STRIDE
MAPS = 13


def block(inputs, outputs, side=3, stride=1, padding=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, side, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class PictureFinder(nn.Module):
    """Input: n x 3 x 256 x 256, RGB from 0 to 1. Output: n x 13 x 32 x 32: the logit of a middle; the
    logarithms of the distances, in input pixels, from the cell's middle to the left, top, right and bottom side; the
    logits of such sides running through the cell; the logits of where in the cell they run, 0 to 1."""

    def __init__(self, widths=(16, 40, 72, 112)):
        super().__init__()
        a, b, c, d = widths
        self.stem = block(3, a, 6, 4, 1)
        self.eighth = nn.Sequential(block(a, b, stride=2), block(b, b))
        self.sixteenth = nn.Sequential(block(b, c, stride=2), block(c, c))
        self.thirtysecond = nn.Sequential(block(c, d, stride=2), block(d, d), block(d, d))
        self.down_d = nn.Conv2d(d, c, 1)
        self.up_c = block(c, c)
        self.down_c = nn.Conv2d(c, b, 1)
        self.up_b = block(b, b)
        self.head = nn.Conv2d(b, MAPS, 1)
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([-4.0] + [3.5] * 4 + [-2.5] * 4 + [0.0] * 4))

    def forward(self, pictures):
        eighth = self.eighth(self.stem(pictures * 2 - 1))
        sixteenth = self.sixteenth(eighth)
        deep = self.down_d(self.thirtysecond(sixteenth))
        deep = self.up_c(sixteenth + F.interpolate(deep, scale_factor=2.0, mode="nearest"))
        deep = self.up_b(eighth + F.interpolate(self.down_c(deep), scale_factor=2.0, mode="nearest"))
        # The distances need more than the 8 bits of a bfloat16.
        with torch.autocast("cpu", enabled=False):
            return self.head(deep.float())


class Shipped(nn.Module):
    """The network as it is shipped: n x 13 x 32 x 32, the likelihood of a middle, the four distances in pixels,
    the likelihoods of the four sides, and where in the cell they run, 0 to 1."""

    def __init__(self, finder):
        super().__init__()
        self.finder = finder

    def forward(self, picture):
        maps = self.finder(picture)
        return torch.cat([torch.sigmoid(maps[:, :1]), torch.exp(maps[:, 1:5]), torch.sigmoid(maps[:, 5:])], 1)
