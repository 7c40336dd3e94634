"""Weights: frames to fixed-point integers. The rounded weight is the weight; nothing after this knows another."""

from surefoot.weights.fixed import fixed
from surefoot.weights.frame import Target, frame_cells, targets
from surefoot.weights.represent import r_indicator
from surefoot.weights.weigh import Weighing, weigh

__all__ = ["Target", "Weighing", "fixed", "frame_cells", "r_indicator", "targets", "weigh"]
