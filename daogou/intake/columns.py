"""Which column is which field: the words merchants use, in English and Chinese, and `--map` where two could be meant.

Names are compared without case, blanks, hyphens, underscores and dots: "Product ID", "product_id" and "productId" are
the same. A field that two columns could be is asked about, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from daogou.errors import AmbiguousColumns, FormatError
from daogou.intake.options import ImportOptions, Kind

# field -> the names it goes by, compact. Fields marked many may come from several columns at once.
PRODUCT = {
    "id": "id productid itemid goodsid sku skuid spuid spu asin articlenumber productcode itemcode 商品编号 商品id 商品编码 产品编号 产品id 编号 货号 商品货号 goods_id",
    "title": "title name producttitle productname itemname itemtitle goodsname 标题 名称 商品名称 商品标题 产品名称 品名 商品名",
    "description": "description desc body bodyhtml productdescription longdescription content detail details 描述 商品描述 产品描述 详情 商品详情 介绍 商品介绍 内容",
    "summary": "shortdescription summary brief subtitle tagline sellingpoint 简介 卖点 副标题 摘要 一句话介绍",
    "brand": "brand brandname vendor supplier manufacturer maker 品牌 品牌名称 厂商 制造商 供应商",
    "category": "category categories categorypath categoryname producttype 类目 分类 类别 商品分类 商品类目 品类 类目路径",
    "google_category": "googleproductcategory",
    "price": "price unitprice retailprice sellingprice currentprice 价格 售价 现价 单价 销售价 零售价 商品价格",
    "list_price": "listprice marketprice originalprice regularprice compareatprice msrp rrp wasprice 原价 市场价 划线价 吊牌价 标价",
    "sale_price": "saleprice specialprice discountprice promoprice finalprice 促销价 优惠价 活动价 折后价 特价",
    "sale_window": "salepriceeffectivedate",
    "currency": "currency currencycode pricecurrency 币种 货币",
    "availability": "availability stockstatus instock isinstock availabilitystatus 上架状态 是否有货 库存状态 供货状态",
    "stock": "stock quantity qty inventory inventoryquantity stockquantity stockqty 库存 库存数量 数量 库存量",
    "image": "image imagelink imageurl img imgurl picture pictureurl mainimage primaryimage cover picurl 图片 主图 图片链接 图片地址 商品图片 封面",
    "images": "images additionalimagelink additionalimagelinks imagelinks imageurls pictures gallery photos pics 图片列表 轮播图 附图 更多图片 商品图集",
    "link": "link url producturl productlink permalink canonicalurl 链接 商品链接 网址",
    "gtin": "gtin gtin8 gtin12 gtin13 gtin14 ean ean13 upc barcode isbn 条码 条形码 国际条码 商品条码",
    "group": "itemgroupid groupid parentid parentsku parentasin 父商品编号 商品组编号 款号",
    "attributes": "attributes attrs attribute specs properties params parameters productdetail productdetails features 属性 参数 规格参数 商品属性",
    "options": "specifications specification 规格",
    "variants": "variants skus skulist 规格列表",
    "highlights": "producthighlight producthighlights highlights 亮点",
    "language": "language lang locale contentlanguage 语言",
    "created": "created createdat createtime datecreated datereleased releasedate publishedat dateadded listedat 上架时间 创建时间 发布时间 上市时间",
    "structured_title": "structuredtitle",
    "structured_description": "structureddescription",
    "labels": "labels",
    "hidden": "ishidden",
    # Google's own attributes
    "attr:color": "color colour 颜色",
    "attr:size": "size 尺码 尺寸",
    "attr:gender": "gender 适用性别",
    "attr:age group": "agegroup",
    "attr:material": "material 材质",
    "attr:pattern": "pattern 图案",
    "attr:condition": "condition 成色",
    "attr:mpn": "mpn",
}  # fmt: skip
EVENT = {
    "id": "id eventid uuid 事件编号",
    "name": "name event eventname eventtype action behavior behaviour behaviortype feedbacktype type 事件 行为 行为类型 事件名称 操作",
    "time": "time timestamp eventtime eventtimestamp datetime date createdat ts 时间 时间戳 事件时间 行为时间 发生时间",
    "shopper_id": "shopperid user userid uid customerid customer visitorid userpseudoid clientid memberid buyerid buyer 用户 用户id 用户编号 会员编号 买家id",
    "session_id": "sessionid session gasessionid 会话 会话id 会话编号",
    "item": "item itemid productid product sku asin goodsid 商品 商品id 商品编号 产品编号 goods_id",
    "items": "items",
    "variant_id": "variantid itemvariant skuid 规格编号",
    "quantity": "quantity qty count amount 数量 件数 购买数量",
    "price": "price unitprice itemprice 价格 单价 成交价",
    "currency": "currency currencycode 币种",
    "value": "value rating score stars 评分 分数",
    "search_term": "searchterm query keyword searchquery q 搜索词 关键词 查询词",
    "list_id": "listid itemlistid list",
    "transaction_id": "transactionid orderid order orderno 订单号 订单编号",
    "index": "index position rank 位置",
}  # fmt: skip
REVIEW = {
    "id": "id reviewid commentid 评论编号 评价编号",
    "product_id": "productid product item itemid sku asin goodsid parentasin 商品编号 商品id 商品 产品编号 goods_id",
    "title": "title headline summary reviewtitle 标题 评论标题",
    "text": "text content body review reviewtext comment reviewbody 内容 评论 评价 评论内容 评价内容",
    "rating": "rating star stars score overall ratingvalue reviewrating 评分 星级 打分",
    "author": "author user username nickname reviewer reviewername 用户 用户名 昵称 作者 评论人",
    "language": "language lang locale 语言",
    "time": "time date timestamp createdat created reviewtime reviewdate datepublished addtime 时间 日期 评论时间 评价时间",
}  # fmt: skip
POLICY = {
    "id": "id policyid faqid 编号",
    "kind": "kind type 类型",
    "topic": "topic category section subject 主题 分类 类别",
    "question": "question q title heading 问题 标题 问",
    "text": "text answer a content body reply description 答案 回答 内容 正文 答",
    "language": "language lang locale 语言",
    "product_id": "productid product itemid sku 商品编号 商品id",
}  # fmt: skip
_TABLES: dict[Kind, dict[str, str]] = {"products": PRODUCT, "events": EVENT, "reviews": REVIEW, "policies": POLICY}
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "products": (("id",), ("title", "structured_title")),
    "events": (("item", "items", "search_term"), ("time",), ("shopper_id", "session_id")),
    "reviews": (("product_id",), ("text", "rating")),
    "policies": (("text",),),
}
"""For each kind, groups of fields of which one must be found."""
_MANY = frozenset({"images"})
_TYPE_MARK = re.compile(r"^[tnbsifd]_(?=\w)")


def compact(name: str) -> str:
    """A column name as it is compared."""
    return re.sub(r"[\s_\-.:/()（）]+", "", unicodedata.normalize("NFKC", name)).lower()


_SYNONYMS: dict[Kind, dict[str, str]] = {
    kind: {compact(word): field for field, words in table.items() for word in words.split()}
    for kind, table in _TABLES.items()
}


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a file are read. fields: column -> field. attributes: column -> attribute name. left: unused."""

    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    left: tuple[str, ...] = ()

    def by_field(self) -> dict[str, tuple[str, ...]]:
        """field -> its columns, in file order."""
        out: dict[str, tuple[str, ...]] = {}
        for column, field in self.fields.items():
            out[field] = (*out.get(field, ()), column)
        return out


def known_fields(kind: Kind) -> tuple[str, ...]:
    """What a column of this kind of table may be mapped to, besides `attr:NAME`."""
    return tuple(field for field in _TABLES[kind] if not field.startswith("attr:"))


def attribute_name(column: str, pattern: str = "") -> str:
    """attr_t_product_colour, found by "attr_*", is "product colour"."""
    prefix = pattern.split("*", 1)[0] if "*" in pattern else ""
    name = column[len(prefix) :] if prefix and column.startswith(prefix) else column
    if prefix:
        name = _TYPE_MARK.sub("", name)
    return " ".join(name.replace("_", " ").split()) or column


def match_columns(
    columns: Iterable[str], kind: Kind, options: ImportOptions, *, ask: bool = True, require: bool = True
) -> Columns:
    """Columns -> fields. Raises AmbiguousColumns where two columns could be one field, FormatError where a required field
    is not found or `--map` names what is not there. Not `ask`: the first of several is taken (formats with fixed names). Not `require`: what is found is enough."""
    names = list(dict.fromkeys(columns))
    fields: dict[str, str] = {}
    attributes = attribute_columns(names, options)
    for column, field in options.mapping.items():
        _check_mapping(column, field, names, kind)
        if field.startswith("attr:"):
            attributes[column] = field[5:]
        elif field:
            fields[column] = field
    mapped = set(fields.values())
    candidates: dict[str, list[str]] = {}
    for column in names:
        found = _SYNONYMS[kind].get(compact(column))
        if column in options.mapping or column in attributes or found is None or found in mapped:
            continue
        candidates.setdefault(found, []).append(column)
    for field, could in candidates.items():
        if len(could) > 1 and field not in _MANY and ask:
            raise _ambiguous(field, could)
        for column in could if field in _MANY else could[:1]:
            if field.startswith("attr:"):
                attributes[column] = field[5:]
            else:
                fields[column] = field
    fields = {column: fields[column] for column in names if column in fields}
    if require:
        _require(fields, names, kind)
    left = tuple(column for column in names if column not in fields and column not in attributes)
    return Columns(fields, attributes, left)


def ambiguous_columns(columns: Iterable[str], kind: Kind) -> dict[str, tuple[str, ...]]:
    """field -> the columns that could each be it, where there are several."""
    could: dict[str, tuple[str, ...]] = {}
    for column in dict.fromkeys(columns):
        field = _SYNONYMS[kind].get(compact(column))
        if field is not None and field not in _MANY:
            could[field] = (*could.get(field, ()), column)
    return {field: several for field, several in could.items() if len(several) > 1}


def attribute_columns(names: list[str], options: ImportOptions) -> dict[str, str]:
    """Columns that match a pattern; where two give the same name (attr_t_colour, attr_b_colour) the mark is kept."""
    out: dict[str, str] = {}
    for column in names:
        pattern = next((one for one in options.attribute_columns if fnmatchcase(column, one)), None)
        if pattern is not None:
            out[column] = attribute_name(column, pattern)
    named: dict[str, list[str]] = {}
    for column, name in out.items():
        named.setdefault(name, []).append(column)
    for name, several in named.items():
        for column in several[1:]:
            mark = re.search(r"(?:^|_)([tnbsifd])_", column)
            out[column] = f"{name} ({mark.group(1) if mark else column})"
    return out


def _check_mapping(column: str, field: str, names: list[str], kind: Kind) -> None:
    if column not in names:
        raise FormatError(
            f"--map {column}={field}: there is no column {column!r}; the file has {_listed(names)}.",
            next_step="Write the column as the file does.",
        )
    if field and not field.startswith("attr:") and field not in _TABLES[kind]:
        raise FormatError(
            f"--map {column}={field}: {kind} have no field {field!r}; they have {', '.join(known_fields(kind))}, attr:NAME.",
            next_step="Use one of these.",
        )


def _ambiguous(field: str, could: list[str]) -> AmbiguousColumns:
    quoted = " and ".join(repr(one) for one in could)
    typed = " or ".join(f"--map {_shell(one)}={field}" for one in could)
    return AmbiguousColumns(f"The columns {quoted} could each be the {field}.", next_step=f"Type {typed}.")


def _require(fields: Mapping[str, str], names: list[str], kind: Kind) -> None:
    have = set(fields.values())
    for group in REQUIRED[kind]:
        if not have & set(group):
            wanted = " or ".join(group)
            typed = " or ".join(f"--map COLUMN={field}" for field in group if not field.startswith("structured"))
            raise FormatError(
                f"No column was recognised as the {wanted} of the {kind}; the file has {_listed(names)}.",
                next_step=f"Type {typed}.",
            )


def _listed(names: list[str], limit: int = 40) -> str:
    shown = ", ".join(repr(one[:60]) for one in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


def _shell(name: str) -> str:
    return f'"{name}"' if re.search(r"[^\w.-]", name) else name


def plausible_kind(columns: Iterable[str]) -> Kind:
    """What a table holds, told from its columns, where the merchant did not say."""
    names = {compact(one) for one in columns}

    def has(kind: Kind, field: str) -> bool:
        return any(compact(word) in names for word in _TABLES[kind][field].split())

    if has("events", "shopper_id") and has("events", "time") and (has("events", "item") or has("events", "items")):
        return "reviews" if has("reviews", "text") else "events"
    if (
        has("reviews", "product_id")
        and (has("reviews", "text") or has("reviews", "rating"))
        and not has("products", "price")
    ):
        return "reviews"
    if names & {"question", "q", "问题", "问"} and has("policies", "text"):
        return "policies"
    return "products"
