"""Pictures of products."""
from daogou.demo.products import DemoItem
def draw_picture(item: DemoItem, seed: int) -> bytes:
    return b""
