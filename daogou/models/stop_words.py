"""Words that say nothing about a product on their own, after normalising and stemming."""

from __future__ import annotations

_ENGLISH = """
a an and are as at be been but by can could did do doe does for from had has have how i if in into is it it's
its me my of on or our she he some such that the their them then there these they thi this those to too under
us very wa was we were what when where which while who will with would you your please pleas want need look
looking show find get give ani any am about also just im
"""

_CHINESE = """
的 了 是 我 你 您 他 她 它 们 我们 你们 他们 在 有 和
与 及 或 或者 也 都 就 而 而且 被 把 给 让 请 吗 呢
吧 啊 呀 哦 嗯 这 那 这个 那个 这些 那些 这款 那款 一个 一款 一些
一下 什么 怎么 怎样 如何 哪 哪个 哪些 很 非常 太 更 最 还 又 再
想 想要 要 需要 可以 能 能够 会 对 对于 从 到 向 以 为 为了
因为 所以 如果 但 但是 不过 比较 有没有 帮 帮我 推荐 找 看看
"""

ENGLISH = frozenset(_ENGLISH.split())
CHINESE = frozenset(_CHINESE.split())
