"""What shoppers say around the thing they want: how to sort it, whether it must be there, for whom it is, and talk."""

from __future__ import annotations

import re
from typing import NamedTuple

from daogou.records import Sort


class Wish(NamedTuple):
    """A wish found in the text."""

    start: int
    end: int
    kind: str
    """`sort`, `cheap`, `stock` or `talk`."""
    value: str = ""


_SORTS: tuple[tuple[Sort, str], ...] = (
    (
        "price_asc",
        r"(?:the )?cheapest(?: first)?|(?:the )?lowest[ -]priced?|(?:price )?low to high|最便宜|价格最低|"
        r"最低价|(?:价格)?(?:从|由)低到高",
    ),
    (
        "price_desc",
        r"(?:the )?most expensive|priciest|highest[ -]priced?|(?:price )?high to low|最贵|价格最高|"
        r"(?:价格)?(?:从|由)高到低",
    ),
    (
        "newest",
        r"(?:the )?newest(?: first)?|(?:the )?latest|most recent(?:ly added)?|new arrivals?|最新(?:款|品|"
        r"上市|上架|到货)?|刚上市|刚上架",
    ),
    (
        "rating",
        r"(?:the )?(?:best|top|highest)[ -](?:rated|reviewed|ratings?|reviews?)|评分最?高|评价最?[好高]|"
        r"好评最?多|口碑最?好",
    ),
)
_CHEAP = (
    r"(?:not |n't be )(?:too |very |so )?(?:expensive|pricey)|cheap(?:er)?|affordable|inexpensive|"
    r"low[ -]cost|(?:on a )?budget[ -]friendly|on a budget"
    r"|(?:别|不要|不用|不)太?贵|便宜(?:一?点|一些|些)?|实惠|平价|性价比高?|高性价比|物美价廉"
)
_STOCK = r"in stock|available now|ready to ship|有现货|现货|有货|有库存"
_TALK = (
    r"(?:hi|hello|hey)(?=[ ,!.])|please|(?:i'?m |i am |we'?re )?looking for|(?:i'?d|i would) (?:like|"
    r"love)(?: to buy| to get)?|i (?:want|need)(?: to buy| to get)?"
    r"|(?:can|could) you (?:find|show|recommend|suggest)(?: me)?|show me|find me|give me|"
    r"do you (?:have|sell)|recommend(?: me)?|suggest(?: me)?|search for|any good"
    r"|你好|您好|请问|请|麻烦|帮我|帮忙|给我|我想要?(?:买|找|看|挑|选)?|我要(?:买|找)?|想要?(?:买|找|"
    r"挑|选)|求推荐|推荐(?:一下|几款|一款|个|一个)?|有没有|有什么|找(?:一款|一个|个|几款)|买(?:一款|"
    r"一个|个)"
    r"|来(?:一款|一个|个|点)|看看|谢谢|的?有吗|有哪些|哪款好|什么好|吗(?=[?？。!！]|$)"
)


def _words(pattern: str) -> re.Pattern[str]:
    """Latin words stand on their own; Chinese ones need no boundary."""
    return re.compile(rf"(?:(?<![a-z0-9])(?=[a-z])|(?=[^a-z]))(?:{pattern})(?![a-z])")


_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    *(("sort", sort, _words(pattern)) for sort, pattern in _SORTS),
    ("cheap", "", _words(_CHEAP)),
    ("stock", "", _words(_STOCK)),
    ("talk", "", _words(_TALK)),
)


def find_wishes(text: str) -> list[Wish]:
    """Every wish of a normalised text; where two overlap the earlier kind of the list above stands."""
    found: list[Wish] = []
    for kind, value, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < wish.end and wish.start < match.end() for wish in found):
                found.append(Wish(match.start(), match.end(), kind, value))
    return sorted(found)


# who it is for -> words that say so, and surfaces of attribute values that would serve them
_AUDIENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"妈妈?|母亲|老妈|mom|mum|mother", ("妈妈", "母亲", "mom", "mum", "mother")),
    (r"爸爸?|父亲|老爸|dad|father", ("爸爸", "父亲", "dad", "father")),
    (
        r"妈妈?|母亲|老妈|妻子|老婆|女友|女朋友|女生|女士|姐姐|妹妹|阿姨|mom|mum|mother|wife|girlfriend|"
        r"sister|aunt|women|woman|ladies|her",
        ("women", "woman", "female", "ladies", "女", "女士", "女性", "女款"),
    ),
    (
        r"爸爸?|父亲|老爸|丈夫|老公|男友|男朋友|男生|男士|哥哥|弟弟|叔叔|dad|father|husband|boyfriend|"
        r"brother|uncle|men|man|him",
        ("men", "man", "male", "男", "男士", "男性", "男款"),
    ),
    (
        r"孩子|小孩|儿童|宝宝|宝贝|婴儿|幼儿|儿子|女儿|kids?|child|children|toddlers?|bab(?:y|ies)|"
        r"infants?|son|daughter|boys?|girls?",
        ("kids", "children", "child", "baby", "toddler", "infant", "儿童", "婴儿", "宝宝", "幼儿"),
    ),
    (
        r"爷爷|奶奶|外公|外婆|老人|长辈|grandpa|grandma|grandfather|grandmother|grandparents|elderly|seniors?",
        ("seniors", "elderly", "老人", "中老年", "老年人"),
    ),
    (r"初学者|新手|入门|beginners?", ("beginner", "beginners", "入门", "初学者", "新手")),
)
_AUDIENCE_PATTERNS = tuple((_words(pattern), surfaces) for pattern, surfaces in _AUDIENCES)


def find_audience(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, surfaces of values that would serve) of everyone the text names."""
    return [
        (match.start(), match.end(), surfaces)
        for pattern, surfaces in _AUDIENCE_PATTERNS
        for match in pattern.finditer(text)
    ]
