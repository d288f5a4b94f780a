// The page's words in Chinese and English.

const WORDS = {
  skip: ["跳到内容", "Skip to content"],
  home: ["首页", "Home"],
  search: ["搜索", "Search"],
  searchHint: ["想买什么？例如：送妈妈的保湿面霜，500 以内", "What are you looking for? e.g. running shoes under $80, not black"],
  suggestions: ["搜索建议", "Suggestions"],
  cart: ["购物车", "Cart"],
  cartCount: ["购物车，{n} 件", "Cart, {n} items"],
  chat: ["问导购", "Ask the guide"],
  otherLanguage: ["English", "中文"],
  switchLanguage: ["Switch to English", "切换到中文"],
  close: ["关闭", "Close"],
  loading: ["正在加载…", "Loading…"],
  retry: ["再试一次", "Try again"],
  failed: ["出了点问题", "Something went wrong"],
  offline: ["连不上商店，请检查网络后再试。", "The store can not be reached. Check the connection and try again."],
  forYou: ["为你推荐", "For you"],
  popular: ["大家在看", "Popular now"],
  categories: ["分类", "Categories"],
  welcome: ["说说你想要什么，我来帮你挑。", "Say what you need, in your own words."],
  tryThese: ["试试这样说", "Try one of these"],
  results: ["{n} 件商品", "{n} products"],
  oneResult: ["1 件商品", "1 product"],
  noResults: ["没有找到符合的商品", "Nothing matches"],
  noResultsHint: ["去掉一个条件，或换个说法试试。", "Take a condition away, or say it another way."],
  understood: ["我的理解", "Understood as"],
  takeBack: ["去掉：{label}", "Remove: {label}"],
  restore: ["恢复去掉的条件", "Restore what was removed"],
  relaxed: ["没有商品同时满足全部条件，已放宽：{labels}", "Nothing meets every wish, so this was relaxed: {labels}"],
  filters: ["筛选", "Filters"],
  clearFilters: ["清除筛选", "Clear filters"],
  apply: ["应用", "Apply"],
  from: ["最低", "From"],
  to: ["最高", "To"],
  sort: ["排序", "Sort"],
  sort_relevance: ["综合", "Relevance"],
  sort_price_asc: ["价格从低到高", "Price, low to high"],
  sort_price_desc: ["价格从高到低", "Price, high to low"],
  sort_newest: ["最新", "Newest"],
  sort_rating: ["评分", "Rating"],
  more: ["显示更多", "Show more"],
  moreValues: ["更多选项", "More choices"],
  price: ["价格", "Price"],
  noPrice: ["暂无价格", "No price given"],
  was: ["原价", "Was"],
  brand: ["品牌", "Brand"],
  rating: ["评分", "Rating"],
  ratingOf: ["{value} 星，{count} 条评价", "{value} stars, {count} reviews"],
  in_stock: ["有货", "In stock"],
  out_of_stock: ["已售完", "Sold out"],
  preorder: ["可预订", "Preorder"],
  backorder: ["可预订，到货后发", "On backorder"],
  addToCart: ["加入购物车", "Add to cart"],
  added: ["已加入购物车：{title}", "Added to the cart: {title}"],
  chooseVariant: ["请选择规格", "Choose an option"],
  variant: ["规格", "Option"],
  quantity: ["数量", "Quantity"],
  compare: ["对比", "Compare"],
  compareN: ["对比 {n} 件", "Compare {n}"],
  clear: ["清空", "Clear"],
  compareMost: ["最多对比 4 件", "Up to 4 can be compared"],
  product: ["商品", "Product"],
  details: ["商品参数", "Details"],
  description: ["商品介绍", "Description"],
  reviews: ["评价", "Reviews"],
  noReviews: ["还没有评价。", "No reviews yet."],
  anonymous: ["匿名", "Anonymous"],
  askProduct: ["问问这件商品", "Ask about this product"],
  askHint: ["例如：防水吗？", "e.g. Is it waterproof?"],
  ask: ["提问", "Ask"],
  restsOn: ["依据（{n}）", "What this rests on ({n})"],
  notKnown: ["资料里没有说明", "Not in what we know"],
  similar: ["相似商品", "Similar"],
  together: ["经常一起买", "Bought together"],
  pictureN: ["第 {n} 张图", "Picture {n}"],
  atShop: ["到商家页面看", "See it at the merchant's"],
  cartEmpty: ["购物车是空的。", "The cart is empty."],
  total: ["合计", "Total"],
  remove: ["移除", "Remove"],
  less: ["减少一件", "One less"],
  oneMore: ["增加一件", "One more"],
  checkoutNote: ["结算由商家自己的页面完成。", "Checkout is the merchant's own."],
  chatTitle: ["导购", "The guide"],
  chatHello: ["你好！告诉我想买什么，或者问我商品和店铺的问题。", "Hello! Tell me what you need, or ask about a product or the store."],
  chatHint: ["说点什么…", "Say something…"],
  send: ["发送", "Send"],
  stop: ["停止", "Stop"],
  stopped: ["（已停止）", "(stopped)"],
  newChat: ["新对话", "New conversation"],
  thinking: ["正在想…", "Thinking…"],
  you: ["你", "You"],
  moreShown: ["还有 {n} 件", "{n} more"],
  yourData: ["你的数据", "Your data"],
  download: ["下载", "Download"],
  forget: ["全部删除", "Delete all of it"],
  forgetSure: ["删除这台设备上匿名身份的全部记录？", "Delete everything kept about this anonymous visitor?"],
  forgotten: ["已删除。", "Deleted."],
  anonymousNote: ["我们只用一个随机编号认识你。", "We know you only by a random number."],
  notFound: ["没有这件商品", "There is no such product"],
  backHome: ["回到首页", "Back to the start"],
};

const EXAMPLES = {
  zh: ["送妈妈的保湿面霜，500 以内", "适合新手的跑鞋，不要黑色", "清淡一点的绿茶", "给三岁孩子的玩具"],
  en: ["running shoes under $80, not black", "a gift for a coffee lover", "light green tea", "quiet laptop for university"],
};

const KEY = "daogou.language";
let current = remembered() || (navigator.language || "en").slice(0, 2);
if (current !== "zh") current = "en";

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

export const language = () => current;
export const examples = () => EXAMPLES[current];

export function setLanguage(tag) {
  current = tag === "zh" ? "zh" : "en";
  try {
    localStorage.setItem(KEY, current);
  } catch {
    /* storage is switched off */
  }
}

/** t("results", {n: 3}) -> the words in the page's language. */
export function t(key, values = {}) {
  const pair = WORDS[key];
  if (!pair) throw new Error(`No words for ${key}`);
  return pair[current === "zh" ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export const has = (key) => key in WORDS;
