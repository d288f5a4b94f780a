"""Channels and audiences: how long a text may be, and which facts come first for whom."""

from __future__ import annotations

from dataclasses import dataclass

from daogou.errors import QueryError


@dataclass(frozen=True, slots=True)
class Channel:
    """Limits in characters, Chinese and English; how many facts a text names; whether it has a title (a subject)."""

    name: str
    zh: int
    en: int
    facts: int
    titled: bool

    def limit(self, language: str) -> int:
        return self.zh if language == "zh" else self.en


# One Chinese text message holds 70 characters, one English 160 (3GPP TS 23.038).
CHANNELS = {
    one.name: one
    for one in (
        Channel("page", 600, 1200, 8, True),
        Channel("social", 140, 280, 4, False),
        Channel("sms", 70, 160, 2, False),
        Channel("email", 400, 900, 6, True),
    )
}
KINDS = ("description", "marketing")

# Words of an audience -> names of attributes it asks about first (parts of names, any language).
_AUDIENCES = """
mother mom mum 妈 母亲 长辈 parent elder: 肤质 skin 材质 material 成分 ingredient 保暖 适用 suitable
student 学生 宿舍 dorm: 重量 weight 容量 capacity 续航 battery 内存 memory 尺寸 size
baby child kid 宝宝 孩子 儿童 toddler: 年龄 age 材质 material 认证 certif 安全 safety
runner sport 跑步 运动 户外 hiker outdoor: 重量 weight 防水 water 鞋底 sole 材质 material
office 上班 商务 business commuter 通勤: 重量 weight 续航 battery 尺寸 size 屏幕 screen
"""
_FIRST = {
    tuple(heard.split()): tuple(names.split())
    for heard, names in (line.split(":") for line in _AUDIENCES.strip().splitlines())
}


def channel_of(name: str) -> Channel:
    """The channel of that name; 'page' where none is given. Raises QueryError."""
    channel = CHANNELS.get(name or "page")
    if channel is None:
        raise QueryError(f"channel {name!r} is not known.", next_step=f"Use one of {', '.join(CHANNELS)}.")
    return channel


def matters_first(audience: str) -> tuple[str, ...]:
    """Parts of attribute names that this audience asks about first."""
    lowered = audience.lower()
    return tuple(name for heard, names in _FIRST.items() if any(one in lowered for one in heard) for name in names)
