"""A review of eleven events, invented from end to end, worked by hand in the tests of accounts,
views and findings."""

from __future__ import annotations

import pandas as pd

from casechron.coding.codebook import codebook

Tables = dict[str, pd.DataFrame]


def rows(name: str, *lines: str) -> pd.DataFrame:
    """Rows of a table, their cells between `|`, in the order of the codebook's columns; what is
    left out is empty."""
    header = codebook().header(name)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return pd.DataFrame(
        [row + [""] * (len(header) - len(row)) for row in cells], columns=header, dtype="str"
    )


def no_rows() -> Tables:
    """Every table of a review, empty."""
    return {name: rows(name) for name in codebook().tables}


def invented() -> Tables:
    """M tells the police that F shoved her; F denies it and accuses M of a scratch; only the first
    reaches the conference.

    The police pass on M's statement, not F's. A school sees a bruise. N's fear of M is told to the
    review only."""
    return no_rows() | {
        "agencies": rows(
            "agencies",
            "police|Police|6",
            "cs|Children's services|5A",
            "school|School|2A",
            "court|Court|7",
            "board|The board|x-partnership",
            "unspecified|Unspecified|10",
        ),
        "people": rows(
            "people", "k|K|child", "m|M|mother", "f|F|father", "n|father of H|sibling-parent"
        ),
        "events": rows(
            "events",
            "scratch|[2019-01-01..2019-02-28]|||violence||||F says that M scratched him|stated",
            "shove|2019-03|||violence||||M says that F shoved her|stated",
            "statement-m|2019-03-20|||account||||M speaks to the police|stated",
            "statement-f|2019-04-02|||account||||F speaks to the police|stated",
            "notification|2019-04-10|||notification||||The police pass on what M said|stated",
            "closure|2019-04-30|||closure||||The case is closed|stated",
            "bruise|2019-05-06|||bruising||||A teacher sees a bruise on K|stated",
            "no-assessment|2019-05|||assessment|||did-not-happen|Nobody assesses the bruise|stated",
            "conference|2019-06-03|||icpc||||A first conference is held on K|stated",
            "plan|2019-06-03/..|||protection-plan||||K is placed on a plan|stated",
            "fear|/..|||fear||||The father of H was afraid of M|stated",
            "harm|2019-06-20|||harm-to-child||||K suffers a broken arm|stated",
            "sentence|2020-02-01|||sentence||||F is sentenced|stated",
            "told|2020-03|||told-to-review||||The father of H speaks to the review|stated",
        ),
        "involvement": rows(
            "involvement",
            "iv-1|police|statement-m|received|||stated",
            "iv-2|police|statement-f|received|||stated",
            "iv-3|police|notification|raised|||stated",
            "iv-4|cs|notification|received|||stated",
            "iv-5|cs|closure|led|||stated",
            "iv-6|school|bruise|held|||stated",
            "iv-7|cs|no-assessment|responsible-absent|||stated",
            "iv-8|cs|conference|led|||stated",
            "iv-9|school|conference|took-part|||stated",
            "iv-10|court|sentence|led|||stated",
            "iv-11|board|told|received|||stated",
        ),
        "participation": rows(
            "participation",
            "pt-1|m|scratch|harming|counter-alleged|f|stated",
            "pt-2|f|scratch|harmed|counter-alleged|f|stated",
            "pt-3|f|shove|harming|denied|f|stated",
            "pt-4|f|shove|harming|alleged|m|stated",
            "pt-5|m|shove|harmed|alleged|m|stated",
            "pt-6|k|shove|present|reported||judged",
            "pt-7|m|statement-m|told|reported||stated",
            "pt-8|f|statement-f|told|reported||stated",
            "pt-9|k|bruise|subject|reported||stated",
            "pt-10|n|fear|afraid|told-to-review|n|stated",
            "pt-11|m|fear|feared|told-to-review|n|stated",
            "pt-12|k|harm|harmed|reported||stated",
            "pt-13|f|harm|harming|convicted|court|derived",
            "pt-14|n|told|told|told-to-review|n|stated",
        ),
        "attributes": rows("attributes", "at-1|plan|plan-category|neglect||stated"),
        "links": rows(
            "links",
            "lk-1|tells-of|statement-m|shove||stated",
            "lk-2|tells-of|statement-f|shove||stated",
            "lk-3|tells-of|statement-f|scratch||stated",
            "lk-4|tells-of|notification|statement-m||stated",
            "lk-5|contradicts|pt-3|pt-4||stated",
            "lk-6|answers|no-assessment|bruise||stated",
            "lk-7|tells-of|sentence|harm||stated",
            "lk-8|tells-of|told|fear||stated",
            "lk-9|supports|shove|v-alone||judged",
            "lk-10|contradicts|pt-1|v-alone||stated",
            "lk-11|contradicts|fear|v-alone||stated",
            "lk-12|contradicts|fd-one|v-alone||stated",
            "lk-13|rests-on|fd-one|v-alone||stated",
            "lk-14|rests-on|fd-one|scratch||judged",
            "lk-15|rests-on|fd-seen|bruise||stated",
            "lk-16|rests-on|fd-plan|at-1||stated",
            "lk-17|addresses|rc-both|fd-one||judged",
            "lk-18|addresses|rc-both|fd-plan||stated",
            "lk-19|addresses|rc-plans|fd-plan||judged",
        ),
        "views": rows(
            "views", "v-alone|cs|F alone is violent||||stated", "v-well|school|K is well||||stated"
        ),
        "findings": rows(
            "findings",
            "fd-one|shortfall|One parent was seen as violent|board||stated",
            "fd-seen|strength|The bruise was seen|board||stated",
            "fd-plan|shortfall|The plan had the wrong category|board||stated",
            "fd-place|neutral|The town is large|board||stated",
        ),
        "recommendations": rows(
            "recommendations",
            "rc-both|Ask both parents||stated",
            "rc-plans|Review the plans||stated",
            "rc-train|Train the staff||stated",
        ),
        "themes": rows(
            "themes",
            "scratch|domestic-abuse",
            "shove|domestic-abuse",
            "statement-m|domestic-abuse",
            "notification|domestic-abuse",
            "fear|domestic-abuse",
            "bruise|physical-harm",
            "harm|physical-harm",
            "notification|information-sharing",
        ),
        "coverage": rows(
            "coverage",
            "s|7||| coded | Says that the list is not complete",
            "s|8||| coded | Left out",
        ),
        "locators": rows(
            "locators",
            "shove|s|2|1",
            "pt-3|s|2|2",
            "pt-4|s|2|1",
            "fd-one|s|5|1",
            "scratch|s|3|1",
            "rc-train|s|7|1",
        ),
    }
