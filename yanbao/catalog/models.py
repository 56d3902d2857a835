"""Data about large language models: leaderboards, benchmarks and prices."""

from functools import partial

from yanbao.catalog.declaration import Dataset, count, day, number, text
from yanbao.catalog.scales import Proof
from yanbao.catalog.usual_sizes import INTERVAL, MODEL_PRICE, RANK, SCORE, VOTES

models = partial(Dataset, cadence="weekly")
DATASETS = (
    models(
        name="llm_scores",
        group="models",
        label="大模型榜单",
        grain="one model in one category of one board on a day",
        key=("board", "category", "as_of_date", "model"),
        entities=(("model", "model"), ("organization", "company")),
        due_after_days=31,
        proofs=(
            Proof("ci_plus", "score", "interval_beside_score", (4e-4, 0.06), (1e-5, 0.4)),
            Proof("ci_minus", "score", "lower_half_beside_score", (4e-4, 0.06), (1e-5, 0.4)),
            Proof("ci_plus", "ci_minus", "halves_of_the_interval", (0.3, 3.0), (0.03, 30.0)),
        ),
        columns=(
            text("board", "Leaderboard or benchmark.", required=True, example="lmarena"),
            text("category", "Category or setting.", required=True, example="overall"),
            day("as_of_date", "Day of the board.", required=True),
            text("model", "Model as printed.", required=True),
            count("rank", "rank", "Rank as printed.", minimum=1, maximum=900, scale=RANK),
            count(
                "rank_style_control",
                "rank",
                "Rank with style control, as printed.",
                minimum=1,
                maximum=900,
                scale=RANK,
            ),
            number(
                "score",
                "points or percent",
                "Score.",
                required=True,
                maximum=5_000,
                scale=SCORE,
            ),
            number(
                "ci_plus",
                "points",
                "Upper half of the 95 % interval.",
                minimum=0,
                maximum=300,
                scale=INTERVAL,
            ),
            number(
                "ci_minus",
                "points",
                "Lower half of the 95 % interval.",
                minimum=0,
                maximum=300,
                scale=INTERVAL,
            ),
            number(
                "votes",
                "votes",
                "Number of votes.",
                minimum=0,
                scale=VOTES,
            ),
            text("organization", "Who made the model."),
            text("license", "Licence as printed."),
            text("knowledge_cutoff", "As printed; month or Unknown."),
            text(
                "score_unit",
                "Unit of a benchmark's score; empty means percent.",
                allowed=("pct", "points", "k_tokens"),
            ),
            text("score_kind", "Vendor's or measured.", allowed=("published", "measured")),
        ),
    ),
    models(
        name="model_prices",
        group="models",
        label="大模型价格",
        grain="one model and direction on a day",
        key=("model", "applies_to", "as_of_date"),
        entities=(("model", "model"),),
        due_after_days=62,
        columns=(
            text("model", "Model as printed.", required=True),
            text("api", "API name."),
            text("applies_to", "input, output or both, as printed.", required=True),
            day("as_of_date", "Day of the price list.", required=True),
            number(
                "price_usd_per_million_tokens",
                "USD per 10^6 tokens",
                "Price.",
                required=True,
                minimum=0,
                scale=MODEL_PRICE,
            ),
            text("license", "Licence as printed."),
        ),
    ),
)
