"""Data without a free feed: web traffic, apps, compute, funding, news."""

from functools import partial

from yanbao.catalog.declaration import Dataset, count, day, number, text
from yanbao.catalog.scales import Proof
from yanbao.catalog.usual_sizes import (
    CHANGE_OF_A_PRICE,
    DEAL,
    DOWNLOADS,
    GPU_PRICE,
    RENTAL,
    REPORTED_CHANGE,
    VISIT_SECONDS,
    VISITS,
    specification,
)

# A week and as long again to publish it.
alternative = partial(Dataset, cadence="weekly", due_after_days=14)
DATASETS = (
    alternative(
        name="web_traffic",
        group="web traffic",
        label="AI 应用网站流量",
        grain="one site over one printed week",
        key=("app", "period_start", "period_end"),
        partitioning="week",
        date_column="period_end",
        entities=(("app", "product"), ("owner", "company")),
        available_on="period_end + 1",
        columns=(
            text("app", "Name of the site or product.", required=True, example="ChatGPT"),
            text("app_type", "Kind of application."),
            text("owner", "Company behind it."),
            day("period_start", "First day of the window as printed.", required=True),
            day(
                "period_end",
                "Last day of the window as printed.",
                required=True,
                not_before="period_start",
            ),
            number(
                "visits",
                "visits",
                "Visits in the window.",
                required=True,
                minimum=0,
                scale=VISITS,
            ),
            number(
                "avg_visit_duration_seconds",
                "seconds",
                "Mean length of a visit.",
                minimum=0,
                maximum=14_400,
                scale=VISIT_SECONDS,
            ),
            number(
                "visits_wow_reported",
                "fraction",
                "WoW change as the source prints it.",
                scale=REPORTED_CHANGE,
            ),
            number(
                "duration_wow_reported",
                "fraction",
                "WoW change as the source prints it.",
                scale=REPORTED_CHANGE,
            ),
        ),
        notes="A reported change is used only where it cannot be computed, and marked.",
    ),
    alternative(
        name="app_downloads",
        group="web traffic",
        label="应用下载量",
        grain="one app, store and month",
        key=("app", "store", "month"),
        cadence="monthly",
        entities=(("app", "product"),),
        entity_day="last_day(named.month)",
        available_on=(
            "case\n"
            "    when coalesce(is_partial, 'false') = 'true'\n"
            "        then least({{ beijing_date('landed_at') }}, last_day(month) + 1)\n"
            "    else last_day(month) + 1\n"
            "end"
        ),
        due_after_days=62,
        covers_to="last_day(month)",
        columns=(
            text("app", "Name of the app.", required=True),
            text("store", "Store or platform.", required=True),
            day("month", "First day of the month.", required=True),
            number(
                "downloads",
                "downloads",
                "Estimated downloads.",
                required=True,
                minimum=0,
                scale=DOWNLOADS,
            ),
            text(
                "is_partial", "true where the month is incomplete.", allowed=("true", "false")
            ),
        ),
        notes="A month counts as known when it is over; before that only where it is partial.",
    ),
    alternative(
        name="gpu_rentals",
        group="compute",
        label="GPU 租赁价格",
        grain="one configuration of one platform on one day",
        key=(
            "gpu",
            "platform",
            "cpu_cores",
            "memory_gb",
            "system_disk_gb",
            "data_disk_gb",
            "quoted_on",
        ),
        partitioning="week",
        columns=(
            text("gpu", "GPU and its memory.", required=True, example="A100-80G"),
            text("platform", "Cloud.", required=True),
            count(
                "cpu_cores",
                "cores",
                "Virtual cores.",
                minimum=1,
                maximum=1_024,
                scale=specification(2, 512),
            ),
            count(
                "memory_gb",
                "GB",
                "Main memory.",
                minimum=1,
                maximum=8_192,
                scale=specification(8, 4_096),
            ),
            count(
                "system_disk_gb",
                "GB",
                "System disk.",
                maximum=100_000,
                scale=specification(5, 1_500),
            ),
            count(
                "data_disk_gb",
                "GB",
                "Data disk.",
                maximum=1_000_000,
                scale=specification(5, 4_000),
            ),
            text("disk_note", "Words about the disk, as printed."),
            day("quoted_on", "Day of the quote.", required=True),
            number(
                "price_cny_per_hour",
                "CNY per hour",
                "Price.",
                required=True,
                minimum=0,
                maximum=100_000,
                scale=RENTAL,
            ),
            number(
                "price_wow_reported",
                "fraction",
                "WoW change as the source prints it.",
                scale=CHANGE_OF_A_PRICE,
            ),
        ),
    ),
    alternative(
        name="gpu_prices",
        group="compute",
        label="GPU 零售价格",
        grain="one product on one day, new and used",
        key=("gpu", "marketplace", "quoted_on"),
        partitioning="week",
        proofs=(Proof("price_used", "price_new", "used_beside_new", (0.1, 2.0), (0.05, 4.0)),),
        columns=(
            text("gpu", "Product.", required=True),
            text("marketplace", "Where.", required=True),
            day("quoted_on", "Day of the quote.", required=True),
            number("price_new", "currency", "Price of a new one.", minimum=0, scale=GPU_PRICE),
            number(
                "price_used", "currency", "Price of a used one.", minimum=0, scale=GPU_PRICE
            ),
            text("currency", "ISO currency.", required=True),
        ),
    ),
    alternative(
        name="funding_rounds",
        group="funding",
        label="投融资事件",
        grain="one round of one company as one source reports it",
        key=("company", "announced_on", "round", "reported_by"),
        entities=(("company", "company"),),
        # What the source did not split is read from the amount as printed.
        filled={
            "amount_qualifier": "{{ amount_qualifier('amount_text') }}",
            "amount_number": "{{ amount_number('amount_text') }}",
            "amount_scale": "{{ amount_scale('amount_text') }}",
            "currency": "{{ amount_currency('amount_text') }}",
            "lead_investors": "{{ lead_investors('investors') }}",
        },
        columns=(
            text("company", "Company.", required=True),
            text("sector", "Sector as printed."),
            day("announced_on", "Day of the deal.", required=True),
            text("round", "Round as printed; — where not disclosed.", required=True),
            text("amount_text", "Amount as printed.", required=True, example="近1亿人民币"),
            text("amount_qualifier", "Qualifier.", allowed=("超", "近", "数", "数十", "约")),
            number(
                "amount_number",
                "scale",
                "Number before 万 or 亿; empty where none.",
                scale=DEAL,
            ),
            text("amount_scale", "Scale word.", allowed=("万", "亿")),
            text(
                "currency", "ISO currency.", allowed=("CNY", "USD", "EUR", "GBP", "HKD", "JPY")
            ),
            text("investors", "Investors as printed."),
            text("lead_investors", "Lead investors, where named; else those marked （领投）."),
            text("company_profile", "What the company does, as printed."),
            text("valuation_text", "Valuation as printed, with its currency."),
            text(
                "reported_by", "Who reported it; distinguishes the same round in two sources."
            ),
            day("printed_from", "First day that the report's table claims to cover."),
            day("printed_to", "Last day that it claims to cover.", not_before="printed_from"),
        ),
    ),
    alternative(
        name="news_items",
        group="news",
        label="行业新闻",
        grain="one headline",
        key=("section", "published_on", "headline"),
        cadence="daily",
        partitioning="trade_date",
        upstream=("eastmoney_research", "tonghuashun"),
        due_after_days=10,
        columns=(
            text("section", "Section or theme.", required=True),
            day("published_on", "Day of publication.", required=True),
            day("event_on", "Day of the event, where it is another one."),
            text("subject", "Company or model."),
            text("headline", "Title; never a body.", required=True),
            text("publisher", "Who published it."),
            text("url", "Link."),
        ),
    ),
    alternative(
        name="policies",
        group="news",
        label="产业政策",
        grain="one policy document",
        key=("issued_on", "title"),
        available_on="coalesce(published_on, issued_on)",
        due_after_days=31,
        columns=(
            day("issued_on", "Day of issue.", required=True),
            day("published_on", "Day of publication, where it differs."),
            text("issuer", "Issuing body.", required=True),
            text("level", "中央 or local, as printed."),
            text("title", "Title; never the text.", required=True),
            text("url", "Link."),
        ),
    ),
)
