"""Pictures of products: flat drawings in the product's own colour, no two alike, always the same for the same seed."""

from daogou.demo.pictures.draw import SHAPES, draw_picture

__all__ = ["SHAPES", "draw_picture"]
