"""The words merchants use for columns, in English and Chinese.

One field a paragraph: `field = words`, further lines indented. Words are compared by `compact`: "Product ID",
"product_id" and "productId" are the same.
"""

from __future__ import annotations

import re
import unicodedata

from daogou.intake.options import Kind

_PRODUCT = """
id = id productid itemid goodsid sku skuid spuid spu asin articlenumber productcode itemcode 商品编号 商品id 商品编码
    产品编号 产品id 编号 货号 商品货号
title = title name producttitle productname itemname itemtitle goodsname 标题 名称 商品名称 商品标题 产品名称 品名
    商品名
description = description desc body bodyhtml productdescription longdescription content detail details 描述 商品描述
    产品描述 详情 商品详情 介绍 商品介绍 内容
summary = shortdescription summary brief subtitle tagline sellingpoint 简介 卖点 副标题 摘要 一句话介绍
brand = brand brandname vendor supplier manufacturer maker 品牌 品牌名称 厂商 制造商 供应商
category = category categories categorypath categoryname producttype 类目 分类 类别 商品分类 商品类目 品类 类目路径
google_category = googleproductcategory
price = price unitprice retailprice sellingprice currentprice 价格 售价 现价 单价 销售价 零售价 商品价格
list_price = listprice marketprice originalprice regularprice compareatprice msrp rrp wasprice 原价 市场价 划线价
    吊牌价 标价
sale_price = saleprice specialprice discountprice promoprice finalprice 促销价 优惠价 活动价 折后价 特价
sale_window = salepriceeffectivedate
currency = currency currencycode pricecurrency 币种 货币
availability = availability stockstatus instock isinstock availabilitystatus 上架状态 是否有货 库存状态 供货状态
stock = stock quantity qty inventory inventoryquantity stockquantity stockqty 库存 库存数量 数量 库存量
image = image imagelink imageurl img imgurl picture pictureurl mainimage primaryimage cover picurl 图片 主图 图片链接
    图片地址 商品图片 封面
images = images additionalimagelink additionalimagelinks imagelinks imageurls pictures gallery photos pics 图片列表
    轮播图 附图 更多图片 商品图集
link = link url producturl productlink permalink canonicalurl 链接 商品链接 网址
gtin = gtin gtin8 gtin12 gtin13 gtin14 ean ean13 upc barcode isbn 条码 条形码 国际条码 商品条码
group = itemgroupid groupid parentid parentsku parentasin 父商品编号 商品组编号 款号
attributes = attributes attrs attribute specs properties params parameters productdetail productdetails features 属性
    参数 规格参数 商品属性
options = specifications specification 规格
variants = variants skus skulist 规格列表
highlights = producthighlight producthighlights highlights 亮点
language = language lang locale contentlanguage 语言
created = created createdat createtime datecreated datereleased releasedate publishedat dateadded listedat 上架时间
    创建时间 发布时间 上市时间
structured_title = structuredtitle
structured_description = structureddescription
labels = labels
hidden = ishidden
attr:color = color colour 颜色
attr:size = size 尺码 尺寸
attr:gender = gender 适用性别
attr:age group = agegroup
attr:material = material 材质
attr:pattern = pattern 图案
attr:condition = condition 成色
attr:mpn = mpn
"""
_EVENT = """
id = id eventid uuid 事件编号
name = name event eventname eventtype action behavior behaviour behaviortype feedbacktype type 事件 行为 行为类型
    事件名称 操作
time = time timestamp eventtime eventtimestamp datetime date createdat ts 时间 时间戳 事件时间 行为时间 发生时间
shopper_id = shopperid user userid uid customerid customer visitorid userpseudoid clientid memberid buyerid buyer 用户
    用户id 用户编号 会员编号 买家id
session_id = sessionid session gasessionid 会话 会话id 会话编号
item = item itemid productid product sku asin goodsid 商品 商品id 商品编号 产品编号
items = items
variant_id = variantid itemvariant skuid 规格编号
quantity = quantity qty count amount 数量 件数 购买数量
price = price unitprice itemprice 价格 单价 成交价
currency = currency currencycode 币种
value = value rating score stars 评分 分数
search_term = searchterm query keyword searchquery q 搜索词 关键词 查询词
list_id = listid itemlistid list
transaction_id = transactionid orderid order orderno 订单号 订单编号
index = index position rank 位置
"""
_REVIEW = """
id = id reviewid commentid 评论编号 评价编号
product_id = productid product item itemid sku asin goodsid parentasin 商品编号 商品id 商品 产品编号
title = title headline summary reviewtitle 标题 评论标题
text = text content body review reviewtext comment reviewbody 内容 评论 评价 评论内容 评价内容
rating = rating star stars score overall ratingvalue reviewrating 评分 星级 打分
author = author user username nickname reviewer reviewername 用户 用户名 昵称 作者 评论人
language = language lang locale 语言
time = time date timestamp createdat created reviewtime reviewdate datepublished addtime 时间 日期 评论时间 评价时间
"""
_POLICY = """
id = id policyid faqid 编号
kind = kind type 类型
topic = topic category section subject 主题 分类 类别
question = question q title heading 问题 标题 问
text = text answer a content body reply description 答案 回答 内容 正文 答
language = language lang locale 语言
product_id = productid product itemid sku 商品编号 商品id
"""


def compact(name: str) -> str:
    """A column name as it is compared: no case, blanks, hyphens, underscores, dots or brackets."""
    return re.sub(r"[\s_\-.:/()（）]+", "", unicodedata.normalize("NFKC", name)).lower()


def _read(table: str) -> dict[str, tuple[str, ...]]:
    """field -> its words, compact."""
    paragraphs = re.findall(r"^(\S[^=\n]*) = (.*(?:\n[ ]+.*)*)", table, re.MULTILINE)
    return {field: tuple(map(compact, words.split())) for field, words in paragraphs}


WORDS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "products": _read(_PRODUCT),
    "events": _read(_EVENT),
    "reviews": _read(_REVIEW),
    "policies": _read(_POLICY),
}
FIELD_OF: dict[Kind, dict[str, str]] = {
    kind: {word: field for field, words in table.items() for word in words} for kind, table in WORDS.items()
}
"""For each kind, compact word -> field."""
