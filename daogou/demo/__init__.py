"""The demo store: bilingual products, reviews, policies, pictures and two months of simulated shoppers, from a seed."""

from daogou.demo.build import DemoFiles, build_demo
from daogou.demo.tastes import DEFAULT_END, DEFAULT_SEED, Shopper, SimulatedShoppers

__all__ = ["DEFAULT_END", "DEFAULT_SEED", "DemoFiles", "Shopper", "SimulatedShoppers", "build_demo"]
