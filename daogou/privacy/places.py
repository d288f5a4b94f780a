"""Postal addresses and people's names, as far as rules can tell them from a shop's own words.

An address needs a road or an estate *and* a house number ("文三路128号", "2450 Crown Street"); a town alone is not one.
A name needs somebody saying that it is one ("我叫…", "my name is …", "收件人：…"): 「Dr. Martens」 is a shoe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daogou.privacy.detectors import Span

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|"
    "甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_HAN = r"[\u4e00-\u9fff]"
_REGION = (
    rf"(?:(?:{_PROVINCES})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?)?"
    rf"(?:{_HAN}{{2,7}}?(?:市|自治州|地区|盟))?(?:{_HAN}{{1,6}}?(?:区|县|旗|市))?(?:{_HAN}{{2,6}}?(?:街道|镇|乡|村))?"
)
_ROAD = r"[\u4e00-\u9fff0-9]{1,10}?(?:大道|大街|路|街|巷|弄|胡同|新村|小区|花园|公寓|家园|大厦|广场|苑)"
_HOUSE = (
    r"(?:[一-龥]{0,6}?(?:\d{1,5}|[一二三四五六七八九十百]{1,4})(?:-\d{1,4})?"
    r"(?:号楼|号院|号|弄|室|栋|幢|座|单元|楼|层|巷)(?!色|码|电池|线|链|钢|尺|刀)){1,5}(?:[A-Za-z]?\d{1,4}(?:室|户)?)?"
)
_CHINESE = re.compile(f"({_REGION})({_ROAD})({_HOUSE})")
_HOUSE_WORD = re.compile(r"[号弄室栋幢座楼层巷元]")
_LEAD_IN = re.compile(
    r".*(?:居住在|居住于|住在|住址|家住|现居|现住|位于|坐落于|地址|寄到|寄往|寄至|寄给|送到|送至|发到|发往|收货|我家|[在到于是为])"
)
_TYPE = r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln)"
_WEAK_TYPE = r"(?:Drive|Dr|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy|Circle|Crescent)"
_UNIT = r"(?:,?\s{1,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat)\.?\s{0,2}#?\w{1,6})?"
_TOWN = r"(?:,?\s{1,2}[A-Z][\w.]+(?:\s[A-Z][\w.]+){0,2},?\s{1,2}[A-Z]{2},?\s{1,2}\d{5}(?:-\d{4})?)"
_NUMBER = r"(?<![\w$€£¥.,-])\d{1,5}[A-Za-z]?"
_STREET_NAME = r"(?:\s{1,2}(?:[A-Z][\w'.-]{1,20}|\d{1,3}(?:st|nd|rd|th))){1,4}?"
_ENGLISH = re.compile(
    rf"{_NUMBER}{_STREET_NAME}\s{{1,2}}(?:{_TYPE}(?![\w-])\.?{_UNIT}{_TOWN}?|{_WEAK_TYPE}(?![\w-])\.?{_UNIT}{_TOWN})"
)
_SAID_ENGLISH = re.compile(
    rf"(?:\b(?:address|live|lives|ship|deliver|send)\b[^.\n\d]{{0,24}})"
    rf"({_NUMBER}{_STREET_NAME}\s{{1,2}}(?:{_TYPE}|{_WEAK_TYPE})(?![\w-])\.?{_UNIT}{_TOWN}?)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\b(?:P\.?\s?O\.?\s?Box)\s\d{1,6}\b|\bPSC\s\d{3,5},\sBox\s\d{1,6}\b", re.IGNORECASE)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单"
    "杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾"
    "暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍"
    "却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚"
    "越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃岳付涂闫"
)
_CHINESE_NAME = rf"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?"
_NAME_ENDS = r"(?=[\s,，。.;；:：、!！?？的住先女小)）]|和|是|电话|手机|地址|想|要|$)"
_SAID_CHINESE_NAME = re.compile(
    rf"(?:我叫|我的名字(?:是|叫)|本人姓名|(?:姓名|收件人|收货人|联系人)(?:是|为|[:：])?)\s?({_CHINESE_NAME}){_NAME_ENDS}"
)
_ENGLISH_NAME = r"[A-Z][A-Za-z'’-]{1,24}(?:\s(?:[A-Z]\.|[A-Z][A-Za-z'’-]{1,24})){0,3}"
_SAID_ENGLISH_NAME = re.compile(
    rf"(?:\b[Mm]y (?:full |last |first )?name(?:'s| is)|\b(?:Recipient|Full name|Contact name|Surname)\s?:)"
    rf"\s({_ENGLISH_NAME})"
)


def addresses(text: str) -> Iterator[Span]:
    """Postal addresses."""
    for match in _CHINESE.finditer(text) if _HOUSE_WORD.search(text) else ():
        start = match.start()
        if not match.group(1):
            start = _without_lead_in(text, start, match.start(3))
        else:
            start = _without_lead_in(text, start, match.end(1))
        if match.end(2) - start >= 2:
            yield Span(start, match.end(), "address")
    for pattern, group in ((_ENGLISH, 0), (_SAID_ENGLISH, 1), (_BOX, 0)):
        for match in pattern.finditer(text):
            yield Span(*match.span(group), "address")


def names(text: str) -> Iterator[Span]:
    """Names that are said to be one."""
    for pattern in (_SAID_CHINESE_NAME, _SAID_ENGLISH_NAME):
        for match in pattern.finditer(text):
            yield Span(*match.span(1), "name")


def _without_lead_in(text: str, start: int, end: int) -> int:
    """'请寄到杭州市…' begins at 杭: the words before the place are not part of it."""
    lead = _LEAD_IN.match(text, start, end)
    return lead.end() if lead and lead.end() < end - 1 else start
