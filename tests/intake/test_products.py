"""Every format of products, each read into the same nouns."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daogou.intake.grouping import MAX_GROUP
from daogou.records import Availability, Money, Product, Translation, Variant

Load = Callable[..., Any]


def cny(minor: int) -> Money:
    return Money(minor=minor, currency="CNY")


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


GOOGLE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>
<item><g:id>T1</g:id><title>Rain jacket</title>
<description>&lt;p&gt;Keeps you dry &amp;amp; warm&lt;/p&gt;</description>
<link>https://shop.example/t1</link><g:image_link>https://shop.example/t1.jpg</g:image_link>
<g:additional_image_link>https://shop.example/t1b.jpg</g:additional_image_link>
<g:additional_image_link>https://shop.example/t1c.jpg</g:additional_image_link>
<g:availability>in_stock</g:availability><g:price>80.00 USD</g:price><g:sale_price>60.00 USD</g:sale_price>
<g:brand>Nord</g:brand><g:gtin>4006381333931</g:gtin>
<g:google_product_category>166</g:google_product_category>
<g:product_type>Clothing &gt; Jackets</g:product_type><g:color>Blue</g:color><g:material>Nylon</g:material>
<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Hood</g:attribute_name>
<g:attribute_value>Detachable</g:attribute_value></g:product_detail>
<g:product_highlight>Taped seams</g:product_highlight></item>
<item><g:id>T2</g:id><g:title>Hat</g:title>
<g:price>12.00 USD</g:price><g:availability>out of stock</g:availability></item>
</channel></rss>
"""


def test_google_xml(load: Load) -> None:
    found = load("feed.xml", GOOGLE_XML)
    assert (found.source.container, found.source.dialect, found.source.kind) == (
        "xml",
        "google_merchant_xml",
        "products",
    )
    jacket, hat = found.records
    assert jacket.title == "Rain jacket"
    assert jacket.description == "Keeps you dry & warm\nTaped seams"
    assert (jacket.price, jacket.list_price) == (usd(6000), usd(8000))
    assert jacket.category == ("Clothing", "Jackets")
    assert jacket.attributes == {"color": ("Blue",), "material": ("Nylon",), "Hood": ("Detachable",)}
    assert jacket.images == tuple(f"https://shop.example/{name}.jpg" for name in ("t1", "t1b", "t1c"))
    assert (jacket.brand, jacket.gtin, jacket.language) == ("Nord", "4006381333931", "en")
    assert (hat.price, hat.availability, hat.list_price) == (usd(1200), Availability.out_of_stock, None)


def test_google_atom(load: Load) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry><g:id>A</g:id>'
        '<title>Cup</title><link href="https://shop.example/a"/><g:price>5 EUR</g:price></entry></feed>'
    )
    product = load("atom.xml.gz", atom).only
    assert (product.id, product.title, product.link) == ("A", "Cup", "https://shop.example/a")


def test_xml_in_gb18030(load: Load) -> None:
    text = '<?xml version="1.0" encoding="GB18030"?><rss><item><id>1</id><title>保湿面霜</title></item></rss>'
    assert load("cn.xml", text, written_in="gb18030").only.title == "保湿面霜"


def test_xml_entities_are_not_expanded(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;">]><rss><item><id>1</id><title>Cup &x; &b;</title></item></rss>'
    )
    product = load("evil.xml", text).only
    assert product.title.startswith("Cup")
    assert "SECRET" not in product.title
    assert "aaaa" not in product.title


def test_google_tsv_with_variants(load: Load) -> None:
    text = (
        "id\ttitle\tlink\timage link\tavailability\tprice\titem group id\tcolor\tsize\tproduct_detail\n"
        "S-R\tShirt - Red / S\thttps://s/1\thttps://s/r.jpg\tin stock\t20.00 USD\tS\tRed\tS\tGeneral:Fit:Slim\n"
        "S-B\tShirt - Blue / S\thttps://s/2\thttps://s/b.jpg\tout of stock\t18.00 USD\tS\tBlue\tS\tGeneral:Fit:Slim\n"
        'TV\tTV 55" wide\thttps://s/3\thttps://s/t.jpg\tin stock\t300.00 USD\t\t\t\t\n'
    )
    found = load("feed.txt", text)
    assert (found.source.container, found.source.dialect) == ("tsv", "google_merchant_tsv")
    shirt, tv = found.records
    assert (shirt.id, shirt.title, shirt.price) == ("S", "Shirt", usd(1800))
    assert shirt.attributes == {"color": ("Red", "Blue"), "size": ("S",), "Fit": ("Slim",)}
    assert [(one.id, one.title, one.availability.value) for one in shirt.variants] == [
        ("S-R", "Red", "in_stock"),
        ("S-B", "Blue", "out_of_stock"),
    ]
    assert shirt.availability is Availability.in_stock
    assert found.accepted[0].rows == 2
    assert tv.title == 'TV 55" wide'
    assert tv.variants == ()


def test_a_group_that_comes_back_is_rejected(load: Load) -> None:
    text = "id,title,price,item_group_id\nA1,A,5 USD,A\nB1,B,5 USD,B\nA2,A,5 USD,A\n"
    found = load("groups.csv", text)
    assert [one.id for one in found.records] == ["A", "B"]
    assert [(one.line, one.field) for one in found.rejected] == [(4, "id")]
    assert "must follow one another" in found.rejected[0].reason


def test_a_wrong_row_of_a_group_leaves_the_others(load: Load) -> None:
    text = "id,title,price,item_group_id\nA1,A,5 USD,A\nA2,A,-5 USD,A\nA1,A,6 USD,A\nA3,A,7 USD,A\n"
    found = load("groups.csv", text)
    assert [one.id for one in found.records[0].variants] == ["A1", "A3"]
    assert [one.line for one in found.rejected] == [3, 4]
    assert {one.position for one in (*found.accepted, *found.rejected)} == {4}


def test_a_group_is_bounded(load: Load) -> None:
    rows = "".join(f"V{number},T,1 USD,G\n" for number in range(MAX_GROUP + 3))
    found = load("huge.csv", f"id,title,price,item_group_id\n{rows}")
    assert len(found.records[0].variants) == MAX_GROUP
    assert len(found.rejected) == 3


SHOPIFY_OLD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,"
    "Image Src,Status\n"
    'tee,Tee,"<p>Soft\ncotton</p>",Nord,Shirts,"summer, cotton",TRUE,Color,Red,Size,S,TEE-R,3,deny,20.00,25.00,'
    "4006381333931,https://s/1.jpg,active\n"
    "tee,,,,,,,,Blue,,S,TEE-B,0,continue,18.00,,,https://s/2.jpg,\n"
    "tee,,,,,,,,,,,,,,,,,https://s/3.jpg,\n"
    "mug,Mug,,Nord,Cups,,TRUE,Title,Default Title,,,MUG,5,deny,9.00,,,,active\n"
    "old,Old,,Nord,Cups,,TRUE,Title,Default Title,,,OLD,5,deny,9.00,,,,draft\n"
)
SHOPIFY_NEW = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option2 name,Option2 value,Price,Compare-at price,Compare-at price / CN,"
    "Inventory quantity,Continue selling when out of stock,Weight value (grams),Product image URL\n"
    'Tee,tee,"<p>Soft\ncotton</p>",Nord,,Shirts,"summer, cotton",TRUE,Active,TEE-R,4006381333931,Color,Red,Size,S,'
    "20.00,25.00,180.00,3,DENY,200,https://s/1.jpg\n"
    ",tee,,,,,,,,TEE-B,,,Blue,,S,18.00,,,0,CONTINUE,200,https://s/2.jpg\n"
    ",tee,,,,,,,,,,,,,,,,,,,,https://s/3.jpg\n"
    "Mug,mug,,Nord,,Cups,,TRUE,Active,MUG,,Title,Default Title,,,9.00,,,5,DENY,300,\n"
    "Old,old,,Nord,,Cups,,TRUE,Draft,OLD,,Title,Default Title,,,9.00,,,5,DENY,300,\n"
)


@pytest.mark.parametrize(("text", "dialect"), [(SHOPIFY_OLD, "shopify_csv_old"), (SHOPIFY_NEW, "shopify_csv_new")])
def test_both_generations_of_shopify_csv(load: Load, text: str, dialect: str) -> None:
    found = load("export.csv", text, currency="USD")
    assert (found.source.container, found.source.dialect) == ("csv", dialect)
    tee, mug = found.records
    assert (tee.id, tee.title, tee.description, tee.brand) == ("tee", "Tee", "Soft\ncotton", "Nord")
    assert (tee.price, tee.category) == (usd(1800), ("Shirts",))
    assert tee.attributes == {"tags": ("summer", "cotton"), "Color": ("Red", "Blue"), "Size": ("S",)}
    red, blue = tee.variants
    assert (red.id, red.price, red.list_price, red.stock, red.gtin) == (
        "TEE-R",
        usd(2000),
        usd(2500),
        3,
        "4006381333931",
    )
    assert (blue.availability, blue.stock) == (Availability.backorder, 0)
    assert tee.stock == 3
    assert tee.images == ("https://s/1.jpg", "https://s/2.jpg", "https://s/3.jpg")
    assert [one.rows for one in found.accepted] == [3, 1]
    assert (mug.variants, mug.price, mug.stock) == ((), usd(900), 5)
    assert ["Status" in one.reason for one in found.rejected] == [True]


def test_shopify_rows_must_follow_one_another(load: Load) -> None:
    text = "Handle,Title,Variant SKU,Variant Price\na,A,1,5\nb,B,2,5\na,,3,5\n,no handle,4,5\n"
    found = load("s.csv", text, currency="USD")
    assert [one.id for one in found.records] == ["a", "b"]
    assert [(one.line, one.field) for one in found.rejected] == [(4, "id"), (5, "Handle")]


def test_shopify_json(load: Load) -> None:
    product = {
        "id": 632910392,
        "title": "Player",
        "handle": "player",
        "body_html": "<p>It plays</p>",
        "vendor": "Nord",
        "product_type": "Audio",
        "tags": "new, music",
        "status": "active",
        "options": [{"name": "Color", "values": ["Pink", "Red"]}],
        "variants": [
            {
                "id": 1,
                "sku": "P",
                "price": "199.00",
                "compare_at_price": "250.00",
                "option1": "Pink",
                "inventory_quantity": 10,
            },
            {"id": 2, "sku": "R", "price": "189.00", "option1": "Red", "inventory_quantity": -2, "barcode": "x"},
        ],
        "images": [{"id": 9, "src": "https://s/1.png"}],
    }
    found = load("products.json", {"products": [product, product | {"id": 7, "variants": []}]}, currency="USD")
    assert (found.source.container, found.source.dialect, found.source.items) == (
        "json",
        "shopify_json",
        "products.item",
    )
    first = found.records[0]
    assert (first.id, first.price, first.brand, first.stock) == ("632910392", usd(18900), "Nord", 10)
    assert [one.attributes for one in first.variants] == [{"Color": ("Pink",)}, {"Color": ("Red",)}]
    assert set(found.accepted[0].notes) == {
        "stock is below 0 (oversold): read as 0",
        "gtin 'x' is not 8, 12, 13 or 14 digits",
    }
    assert found.records[1].id == "7"


JSON_LD = {
    "@context": "https://schema.org",
    "@type": "Product",
    "sku": "K1",
    "name": "Kettle",
    "description": "Boils <b>fast</b>",
    "brand": {"@type": "Brand", "name": "Nord"},
    "image": ["https://s/k.jpg", {"@type": "ImageObject", "url": "https://s/k2.jpg"}],
    "category": "Kitchen > Kettles",
    "color": "Steel",
    "gtin13": "4006381333931",
    "additionalProperty": [{"@type": "PropertyValue", "name": "Capacity", "value": 1.7, "unitText": "l"}],
    "offers": {
        "@type": "Offer",
        "price": "39.90",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
    },
    "review": [
        {
            "@type": "Review",
            "reviewBody": "Loud",
            "reviewRating": {"ratingValue": "2"},
            "author": {"name": "Bo"},
            "datePublished": "2026-01-02",
        },
        {"@type": "Review", "reviewBody": "Quick", "reviewRating": {"ratingValue": 5}},
    ],
}


def test_schema_org(load: Load) -> None:
    found = load("k.json", JSON_LD)
    assert found.source.dialect == "schema_org"
    kettle = found.only
    assert (kettle.id, kettle.title, kettle.description, kettle.brand) == ("K1", "Kettle", "Boils fast", "Nord")
    assert kettle.price == Money(minor=3990, currency="EUR")
    assert kettle.attributes == {"color": ("Steel",), "Capacity": ("1.7 l",)}
    assert kettle.images == ("https://s/k.jpg", "https://s/k2.jpg")
    assert kettle.category == ("Kitchen", "Kettles")


def test_schema_org_group_in_a_web_page(load: Load) -> None:
    page = """<!DOCTYPE html><html><head><script type="application/ld+json">
    {"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Shop"},
    {"@type":"ProductGroup","productGroupID":"G","name":"Shirt","hasVariant":[
      {"@type":"Product","sku":"G-R","color":"Red","offers":{"price":20,"priceCurrency":"USD"}},
      {"@type":"Product","sku":"G-B","color":"Blue","offers":{"price":18,"priceCurrency":"USD","availability":"OutOfStock"}}]}]}
    </script><script type="application/ld+json">{not json</script></head><body>Hi</body></html>"""
    found = load("page.html", page)
    assert (found.source.container, found.source.dialect) == ("html", "schema_org")
    shirt = found.records[0]
    assert (shirt.id, shirt.price) == ("G", usd(1800))
    assert [one.id for one in shirt.variants] == ["G-R", "G-B"]
    assert len(found.rejected) == 1


def test_reviews_inside_products(load: Load) -> None:
    found = load("k.json", JSON_LD, kind="reviews")
    assert [(one.product_id, one.text, one.rating, one.author) for one in found.records] == [
        ("K1", "Loud", 2.0, "Bo"),
        ("K1", "Quick", 5.0, ""),
    ]
    rows = [
        {"sku": "A", "title": "Bag", "reviews": [{"rating": "4", "title": "Good", "text": "Holds a lot"}]},
        {"sku": "B", "title": "Cap", "reviews": []},
    ]
    found = load("p.jsonl", rows, kind="reviews")
    assert [(one.product_id, one.title, one.rating) for one in found.records] == [("A", "Good", 4.0)]
    assert "inside each product" in found.source.describe()


OWN = Product(
    id="P1",
    title="保湿面霜",
    price=cny(19900),
    language="zh",
    attributes={"容量": ("50 ml",)},
    translations={"en": Translation(title="Moisturiser", attributes={"volume": ("50 ml",)})},
    variants=(Variant(id="P1-50", price=cny(19900)),),
)


def test_our_own_json_round_trips(load: Load) -> None:
    found = load("own.jsonl", [OWN.model_dump(mode="json"), OWN.model_dump(mode="json") | {"id": "P2"}])
    assert found.source.dialect == "daogou"
    assert found.records == [OWN, OWN.model_copy(update={"id": "P2"})]


def test_a_chinese_table(load: Load) -> None:
    text = "商品编号,标题,品牌,类目,售价,原价,库存,描述,图片\n1,保湿面霜,兰,美妆>面霜,199元,259元,12,<p>清爽</p>,http://a/1.jpg\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        found = load("cn.csv", text, written_in=encoding)
        product = found.only
        assert (product.id, product.title, product.brand, product.language) == ("1", "保湿面霜", "兰", "zh")
        assert (product.price, product.list_price, product.stock) == (cny(19900), cny(25900), 12)
        assert (product.category, product.description, product.images) == (
            ("美妆", "面霜"),
            "清爽",
            ("http://a/1.jpg",),
        )
    assert "GB18030" in load("cn.csv", text, written_in="gb18030").source.describe()


def test_nested_attributes_and_skus(load: Load) -> None:
    row = {
        "id": 7,
        "name": "四件套",
        "price": "2598.00",
        "market_price": "2618.00",
        "brief": "好睡",
        "category": ["居家", "床品"],
        "attributes": [{"name": "材质", "value": "棉"}, {"name": "件数", "value": 4}],
        "specifications": [
            {"name": "规格", "value": "1.5m"},
            {"name": "规格", "value": "1.8m"},
            {"name": "颜色", "value": "灰"},
        ],
        "skus": [
            {"price": "999.00", "stock": "100", "spec": '["1.5m","灰"]'},
            {"price": "1500.00", "stock": "0", "spec": '["1.8m","灰"]'},
        ],
        "gallery": '["http://a/1.jpg"]',
    }
    product = load("t.jsonl", [row], currency="CNY").only
    assert product.attributes == {"材质": ("棉",), "件数": ("4",)}
    assert [(one.id, one.attributes, one.price, one.stock) for one in product.variants] == [
        ("7:1.5m / 灰", {"规格": ("1.5m",), "颜色": ("灰",)}, cny(99900), 100),
        ("7:1.8m / 灰", {"规格": ("1.8m",), "颜色": ("灰",)}, cny(150000), 0),
    ]
    assert (product.price, product.list_price, product.stock) == (cny(99900), cny(261800), 100)
    assert product.description == "好睡"


def test_attribute_columns_and_separators(load: Load) -> None:
    row = {
        "id": "1",
        "title": "T",
        "price": 4995,
        "attr_t_product_colour": "Red|Blue",
        "attr_n_weight": 6.0,
        "attr_b_touch_screen": False,
    }
    found = load(
        "t.jsonl", [row], currency="USD", price_unit="minor", attribute_columns=("attr_*",), value_separator="|"
    )
    assert found.only.attributes == {"product colour": ("Red", "Blue"), "weight": ("6",), "touch screen": ("no",)}
    assert found.only.price == usd(4995)


def test_attribute_columns_first_seen_late(load: Load) -> None:
    rows: list[dict[str, Any]] = [{"id": str(number), "title": "T"} for number in range(500)]
    rows.append({"id": "x", "title": "T", "attr_t_rare": "yes it is", "other": 1})
    found = load("t.jsonl", rows, attribute_columns=("attr_*",))
    assert found.records[-1].attributes == {"rare": ("yes it is",)}


def test_paths_of_categories(load: Load) -> None:
    paths = ["Default Category/Men/Tops", "Default Category/Sale/New"]
    found = load(
        "t.jsonl",
        [
            {"id": "1", "title": "T", "categories": paths},
            {"id": "2", "title": "T", "categories": ["大百货", "茶道/零配"]},
        ],
    )
    assert found.records[0].category == ("Men", "Tops")
    assert found.records[0].attributes == {"other categories": ("New",)}
    assert found.records[1].category == ("大百货", "茶道/零配")


def test_parquet_and_its_gzip(load: Load) -> None:
    table = pa.table({"id": [1, 2], "title": ["杯子", "Cup"], "price": [9.9, None], "tags": [["a"], []]})
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=1)
    for name in ("t.parquet", "t.parquet.gz", "nameless"):
        found = load(name, out.getvalue(), currency="CNY")
        assert found.source.container == "parquet"
        assert [(one.id, one.title, one.price) for one in found.records] == [
            ("1", "杯子", cny(990)),
            ("2", "Cup", None),
        ]


@pytest.mark.parametrize("name", ["t.json", "t.json.gz", "wrong-name.csv"])
def test_json_documents_by_content(load: Load, name: str) -> None:
    rows = [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}]
    import json

    for document in (
        json.dumps(rows),
        json.dumps({"data": rows}),
        json.dumps({"meta": {"n": 2}, "items": rows}, indent=2),
    ):
        found = load(name, document)
        assert found.source.container == "json"
        assert [one.id for one in found.records] == ["1", "2"]
    single = load(name, json.dumps(rows[0], indent=2))
    assert single.only.title == "A"


def test_gorse_items(load: Load) -> None:
    found = load(
        "items.jsonl",
        [
            {
                "ItemId": "1",
                "IsHidden": False,
                "Categories": ["Tea"],
                "Timestamp": "2026-01-01",
                "Labels": [],
                "Comment": "Green tea",
            }
        ],
    )
    assert found.source.dialect == "gorse"
    assert (found.only.id, found.only.title, found.only.category) == ("1", "Green tea", ("Tea",))


def test_a_list_price_that_is_no_reduction_is_left_out(load: Load) -> None:
    found = load("t.csv", "id,title,price,list_price\n1,A,5 USD,4 USD\n2,B,5 USD,5 USD\n")
    assert [one.list_price for one in found.records] == [None, None]
    assert found.accepted[0].notes == ("list_price is below price: left out",)
    assert found.accepted[1].notes == ()


def test_google_sale_window(load: Load) -> None:
    head = "id,title,price,sale_price,sale_price_effective_date\n"
    found = load(
        "t.csv", head + "1,A,5 USD,4 USD,2001-01-01T00:00Z/2001-02-01T00:00Z\n2,B,5 USD,4 USD,2001-01-01/2099-01-01\n"
    )
    assert [one.price for one in found.records] == [usd(500), usd(400)]


def test_default_stock(load: Load) -> None:
    found = load("t.csv", "id,title,stock\n1,A,\n2,B,0\n3,C,-1\n", default_stock=9)
    assert [(one.stock, one.availability.value) for one in found.records] == [
        (9, "in_stock"),
        (0, "out_of_stock"),
        (0, "out_of_stock"),
    ]
