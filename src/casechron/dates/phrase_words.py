"""The words with which casework says when: names and what they mean, and the patterns that they
make. What they are put together to is the grammar of `phrases`."""

from __future__ import annotations

import re

from casechron.dates.days import day_text

MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
ALIKE = {"weds": "wednesday", "xmas": "christmas"}
_NUMERALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
NUMBERS = {"a": 1, "an": 1, "another": 1} | {
    word: at for at, word in enumerate(_NUMERALS.split(), 1)
}
NOW = "(?:the )?(?:present|ongoing|date|now|current|today)"
ORDINALS = {"first": 1, "1": 1, "second": 2, "2": 2, "latter": 2, "third": 3, "fourth": 4}
ORDINALS |= {"last": 0, "final": 0}
#: The parts of a month, a year or a season, and the words that name them.
PARTS_OF_PERIODS = {
    "early": "(?:early|first|earlier|opening) part|(?:early|opening|first few|first) (?:day|week"
    "|month)s|early|beginning|start",
    "mid": "(?:mid|middle) part|middle|mid",
    "late": "(?:late|latter|later|last) part|(?:late|later|latter|closing|final|last few|last)"
    " (?:day|week|month)s|late",
    "end": "end",
}
UNIT_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}
UNIT_DAYS |= {"month": 30.436875, "year": 365.2425}

_DIFFER = "terms differ between authorities; "
_QUARTER = "a quarter is one of the calendar year or of a financial year; "
_QUARTERS = {
    rf"(?:q ?{n}|{word} quarter)": f"{{0}}-{32 + n}; {financial}"
    for n, word, financial in (
        (1, "first", "[{0}-04..{0}-06]"),
        (2, "second", "[{0}-07..{0}-09]"),
        (3, "third", "[{0}-10..{0}-12]"),
        (4, "(?:fourth|last|final)", "[{1}-01..{1}-03]"),
    )
}
#: What a name means in a year: {0}, the next one {1}, and a holiday of England, in <>. Where there
#: is more to say than a date, why a person decides stands first.
NAMED = {
    "spring(?: months)?": "{0}-21",
    "summer(?: months)?": "{0}-22",
    "(?:autumn|fall)(?: months)?": "{0}-23",
    "winter(?: months)?": "{0}-24",
    "(?:christmas|festive) (?:period|season|time|break)": "[{0}-12-18..{1}-01-06]",
    "christmas and new year": "[{0}-12-18..{1}-01-06]",
    "christmas day": "{0}-12-25",
    "christmas eve": "{0}-12-24",
    "christmas": "Christmas is the day or the days around it; {0}-12-25; [{0}-12-18..{1}-01-06]",
    "(?:start|beginning) of the (?:new )?(?:school|academic) year": f"{_DIFFER}{{0}}-09",
    "end of the (?:school|academic) year": f"{_DIFFER}{{0}}-07",
    "halloween": "{0}-10-31",
    "bonfire night": "{0}-11-05",
    "valentine'?s day": "{0}-02-14",
    "boxing day": "{0}-12-26",
    "new year'?s eve": "{0}-12-31",
    "new year'?s? day": "{0}-01-01",
    "new year": "New Year is the day or the days around it; {0}-01-01;"
    " [<New Year's Day-7>..{0}-01-06]",
    "good friday": "<Good Friday>",
    "easter sunday": "<Easter Monday-1>",
    "easter monday": "<Easter Monday>",
    "easter weekend": "[<Good Friday>..<Easter Monday>]",
    "easter": "Easter is the day or the days around it; <Easter Monday-1>; "
    "[<Easter Monday-8>..<Easter Monday+6>]",
    "may day(?: monday)?": "<May Day>",
    "may bank holiday weekend": "May has two bank holidays; [<May Day-2>..<May Day>]; [<Spring Bank"
    " Holiday-2>..<Spring Bank Holiday>]",
    "may bank holiday": "May has two bank holidays; <May Day>; <Spring Bank Holiday>",
    "autumn term": f"{_DIFFER}[{{0}}-09..{{0}}-12]",
    "spring term": f"{_DIFFER}[{{0}}-01..{{0}}-04]",
    "summer term": f"{_DIFFER}[{{0}}-04..{{0}}-07]",
    "(?:october|autumn) half term(?: holiday| break| week)?": f"{_DIFFER}[{{0}}-10..early"
    f" {{0}}-11]",
    "(?:february|spring) half term(?: holiday| break| week)?": f"{_DIFFER}{{0}}-02",
    "(?:may|summer|whitsun) half term(?: holiday| break| week)?": f"{_DIFFER}[late {{0}}-05..early"
    f" {{0}}-06]",
    "(?:school )?summer (?:holidays?|break)": f"{_DIFFER}[mid {{0}}-07..early {{0}}-09]",
    "(?:school )?christmas holidays?": f"{_DIFFER}[mid {{0}}-12..early {{1}}-01]",
    "(?:school )?easter (?:holidays?|break)": f"{_DIFFER}[late {{0}}-03..{{0}}-04]",
} | {name: _QUARTER + form for name, form in _QUARTERS.items()}
for _name, _day in (
    ("early may", "May Day"),
    ("(?:late may|spring)", "Spring Bank Holiday"),
    ("(?:late )?(?:august|summer)", "Late Summer Bank Holiday"),
):
    NAMED[f"{_name} bank holiday(?: monday)?"] = f"<{_day}>"
    NAMED[f"{_name} bank holiday weekend"] = f"[<{_day}-2>..<{_day}>]"
#: What a name means before two years such as 2017/18.
NAMED_OVER_TWO_YEARS = {
    "winter(?: of)?": "[{0}-12..{1}-02]",
    "(?:financial year|fy|tax year)": "[{0}-04..{1}-03]",
    "(?:school|academic) year": f"{_DIFFER}[{{0}}-09..{{1}}-08]",
    "": "it can be two years, one of two years or a financial year; "
    "{0}/{1}; [{0},{1}]; [{0}-04..{1}-03]",
} | {name: form.partition("; ")[2] for name, form in _QUARTERS.items()}
#: What a bound makes of the first date S, the last date E and the last day L, and that it is all
#: before (B) or all after (A).
BOUNDS = {
    "(?:until|till|to) at least": "/E [S..]",
    "(?:by|before) (?:the )?end of": "[..E]",
    "(?:up )?(?:until|till) (?:the )?end of": "/L",
    r"on or before|no later than|not later than|by|\.\.+": "[..E]",
    "(?:well |long |some time )?before(?: (?:the )?(?:start|beginning) of)?|prior to|(?:in )?the"
    " (?:run|lead) ?(?:- )?up to|leading up"
    " to": "B",
    "(?:well |long )?after|following|subsequent to": "A",
    "(?:right |up )?(?:until|till)": "/E",
    "up to(?: and including)?": "[..E] /E",
    "on or after|no earlier than|not earlier than|not before": "[S..]",
    "(?:(?:ever|right|at least) )?(?:since|from)(?: at least| as (?:early|far back) as)?|as far"
    " back as|(?:dating|going) back to|(?:dating|effective|with effect|starting|beginning"
    "|commencing) from|(?:starting"
    "|beginning|commencing)(?: on| in)?": "S/.. [S..]",
}
EITHER_SIDE = "it can lie before or after the date beside it"
WORKING = "working days leave out weekends and bank holidays"
ONCE_OR_LASTED = "it can have happened once or lasted"
COUNTED = "it is counted, and not said whether roughly or exactly"
DAY_FIRST = "the day is taken to stand first, as in British texts"
OTHER_EVENT = (
    "it is in relation to something else that happened; leave the date empty, and name that in the"
    " column after or before, such as 'referral-1 exactly 2 days'"
)
#: What is an order of events and no date.
ORDER = r"(?:on|at|during|before|prior to|by|after|following|until|since|from) [^\d]+"

NUMBER = rf"\d{{1,3}}|{'|'.join(NUMBERS)}"
FROM_TO = rf"(?P<n>{NUMBER})(?: ?(?:to|or|-|- to -) ?(?P<m>{NUMBER}))?(?P<half> and a half)?"
SOME = "(?:a |the )?(?:very )?(?:few|couple of|number of|matter of|some|several|many|numerous)"
VAGUE = f"(?:{SOME}|the|these|those)"
UNIT = "minute|hour|day|week|fortnight|month|year"
ABOUT = "circa|ca?|about|around|approx|approximately|roughly|(?:in|on|at) or (?:around|about)|~"
#: How far from a number can be what is counted so, in units of it: from the number less the first
#: to the number and the second; None is from nothing, or to no end.
ROUNDED: dict[str, tuple[float | None, float | None]] = {
    "exactly|precisely": (0, 0),
    f"{ABOUT}|some": (1, 1),
    "nearly|almost|just under|just short of|a little under|not quite": (1, 0),
    "just over|a little over|a little more than|slightly over": (0, 1),
    "less than|under|within|no more than|not more than|up to|at most": (None, 0),
    "over|more than|at least|well over|in excess of|upwards of": (0, None),
    "only|just|barely": (0.5, 0.5),
}
ROUND = "|".join(ROUNDED)
_NO_NAMES = re.sub(r"\?P<\w+>", "?:", FROM_TO)
_OFTEN = (
    rf"(?:(?:{ROUND}) )?(?:(?:{_NO_NAMES}|{SOME}) (?:separate |different |further )?(?:times"
    rf"|occasions?)"
    "|once|twice)|(?:on )?most (?:days|weeks|evenings|nights|mornings)|(?:at|on) (?:the )?weekends"
    "|daily|weekly|fortnightly|monthly|regularly|repeatedly|frequently|on a (?:daily|weekly"
    "|fortnightly|monthly|regular) basis"
)
_LONG = (
    rf"(?:an? |the )?(?:(?:{ROUND}) )?(?:(?:a )?(?:further|additional) |another )?(?:{_NO_NAMES}"
    rf"|{SOME}) (?:consecutive |further |more |working )?(?:{UNIT})s?"
    "(?:'? (?:period|time))?(?: or (?:so|more))?"
)
_FOR = "(?:for|over|after|lasting|spanning|throughout|in|during|within)"
_OLD = rf"(?:(?:{ROUND}) )?(?:{_NO_NAMES})"
_UNITS = f"(?:{UNIT})s?"
_AGE = (
    rf"(?:(?:when|from|by|until|before|since|between) )?(?:at )?(?:the )?(?:age|aged|ages)(?:"
    rf" of)?(?: between)? {_OLD}(?:(?: ,)?(?: (?:and|or|to|-))? (?:{_OLD}|{_UNITS}|old))*|(?:when"
    rf"|until|before|since|by the time) (?:he|she|they) (?:was|were|turned|reached)(?: aged)?"
    rf" {_OLD}(?: {_UNITS})?(?: old)?|(?:(?:at|from|by|until|an?) )?{_OLD} {_UNITS}'? (?:-"
    rf" )?(?:old|of age|pregnant|gestation|into (?:the |her )?pregnancy)|(?:\w+ )?(?:his|her"
    rf"|their) \w+ birthday"
)
EVERY = (
    rf"(?:(?:on )?(?:{_OFTEN})|(?:every|each) (?:other |few |(?:{NUMBER}) )?(?:{UNIT}|morning"
    rf"|evening|night|weekend|{'|'.join(WEEKDAYS)})s?|on (?:{'|'.join(WEEKDAYS)})s)(?: (?:a|per"
    rf"|each|every) {_UNITS})?"
)
_LASTS = (
    rf"(?:{_FOR} )?(?:(?:a|the) (?:further |total )?(?:period|course|space|total) of )?{_LONG}"
    rf"|(?:{_FOR} (?:a|some|quite some) |(?:for|over|after) )(?:(?:very|fairly|rather|quite"
    "|relatively) )?(?:(?:long|short|considerable|prolonged|brief|extended|significant) )?"
    rf"(?:time|period|while)s?(?: of time)?|over the (?:{UNIT})s|for (?:{_UNITS}|half a day)"
    rf"(?: at a time)?|for the (?:{NUMBER} )?{_UNITS}|(?:{_FOR} )?the (?:first|final|early"
    rf"|initial) (?:(?:few|{NUMBER}) )?{_UNITS}"
)
#: What is no date, and what is to be done; of some it is so whatever follows.
NO_DATES = {
    _AGE: "it is an age, which is no date; keep the words in date_words",
    "(?:still |to )?(?:ongoing|present|date|current)": "it says that it goes on; write"
    " '2018-08/..' for what began in 2018-08",
    "(?:not|never) (?!before|later|earlier|after|until).+": "it is a denial, which is no date; what"
    " was not is a row with an absence",
    f"(?:{EVERY})(?: .+)?": "it says how often it happened; that stands in count, and the date is"
    " all of a set, such as '{2018-05}'",
    f"(?:{_LASTS})|for {_LONG} .+": "it says how long it lasted; that stands in lasts, such as '6"
    " weeks' or 'at least 3 weeks', beside the date on which it began",
    "half term(?: holiday| break| week)?": "half terms differ between authorities; look the days"
    " up",
    "bank holiday(?: weekend)?": "it does not say which bank holiday; look the day up",
}
PLAIN_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | dict.fromkeys("\u2018\u2019`", "'")
    | dict.fromkeys('()"\u201c\u201d', " ") | {"&": " and ", "\u2026": ".."}
)  # fmt: skip
NONE = re.compile(
    r"[-x.]|--|\?+|n ?[./]? ?[kard]|none|nil|null|nan|tb[cad]|to be confirmed|unk|unknown|undated|"
    "no date|(?:no date |(?:date )?(?:not |un))(?:applicable|available|given|known|recorded|stated"
    "|clear)"
).fullmatch
#: Words before a date that say no more than it does.
IN = re.compile(
    "(?:(?:sometime|some time|not (?:until|till)|(?:at )?some (?:point|time|stage)|as (?:of|at)"
    "|(?:at|on) an (?:unknown|unspecified) (?:date|day)|as (?:early|late|recently) as"
    "|(?:one|a|some) (?:day|evening|night|morning|afternoon|weekend)(?= (?:in|during|between) )"
    "|either|both|in|on|at|during|over|of|the(?! (?:following|next|previous))|dated?|period"
    "|course of|months? of|(?:calendar )?years?) )+"
)
#: What a hyphen joins to one word with what follows.
JOINED = re.compile(
    rf"\b(mid|half|early|late|(?:{NUMBER})(?= - (?:{UNIT}))) - (?!(?:early|mid|late|end|to)\b)"
)
#: What is written otherwise and means the same.
SAME = {
    r"\byesterday\b": "the day before",
    r"\btomorrow\b": "the day after",
    r"\bvery (?=next|same|end|early|late|beginning|start|following|day)": "",
    r"\b(?:a|one) year and a half\b": "18 months",
    r"\bhalf an hour\b": "30 minutes",
    r"\ba quarter of an hour\b": "15 minutes",
    r"\bhalf a year\b|\bhalf - year\b": "6 months",
    r"\b(?:(?:a|one) )?decade\b": "10 years",
    r"\b([2-9]) decades\b": r"\g<1>0 years",
    rf"\b(?<!-)({SOME}|over|the|recent|past|these|those) decades\b": r"\1 years",
} | {rf"\b{word} decades\b": f"{at}0 years" for word, at in NUMBERS.items() if 1 < at < 10}

# Parts of patterns; their groups are what a rule is given.
M, W, P = "|".join(MONTHS), "|".join(WEEKDAYS), "|".join(PARTS_OF_PERIODS.values())
Y = r"(?P<y>\d{4}|'?\d{2})"
YEAR = rf"(?: ,)?(?: (?:of |in )?{Y})?"
TWO = r"(?P<y>\d{4}) ?[/-] ?(?P<z>\d{4}|\d{2})"
ON = rf"(?:(?P<w>{W}) )?(?:, )?(?:the )?"
D, S, R = r"(?P<d>\d{1,2})(?!\d)", "[ ,./-]*", "(?P<r>.+)"
N, U = f"(?:{FROM_TO} )?", f"(?P<u>{UNIT})"
SIDE = "before|prior to|after|following|from|leading up to"
WAY = (
    "(?P<way>(?:later|afterwards?|thereafter|after that|on|that followed|earlier|previously|prior|"
    f"beforehand|before that|ago|since)$|{SIDE})(?: (?P<r>.+))?"
)
NEXT = "next|following|subsequent|coming|ensuing"
LAST = "previous|preceding|prior|past|last"
#: What counts back.
BACK = re.compile(f"(?:{LAST}|recent|earlier|before|leading|ago).*").match
DOUBT = "possibly|probably|perhaps|maybe|likely|reportedly|(?:thought|believed|said) to be"
CLOCK = r"(?P<h>\d{1,2})(?P<i>[:.]?\d\d)?(?::(?P<s>\d\d))?(?P<u> ?(?:hrs?|hours|o'clock|[ap] ?m))?"
DAYTIME = (
    "(?P<part>(?:early |late |mid )?(?:morning|afternoon|evening)|(?:early|small) hours(?: of the"
    " morning)?|middle of the night|[ap] ?m|noon|midday|lunchtime|dawn|dusk|night|overnight"
    "|midnight)"
)
#: What stands for a date that was told before.
IT = "then|(?:this|that)(?: (?:date|day))?"
THEN = (
    "(?:that|this|the same|the|same|the intervening|the whole) (?:time|period|point|stage"
    "|occasion)|(?:those|these) (?:days|weeks|months|years)"
)


def holiday(year: int, named: re.Match[str]) -> str:
    """The day of a public holiday of England in a year, or so many days after it, as `NAMED` has
    it between angle brackets."""
    from holidays import country_holidays  # here, since few phrases need it

    days = country_holidays("GB", subdiv="ENG", years=year).items()
    first = min(day for day, name in days if name == named[1])
    return day_text(first.toordinal() + int(named[2] or 0))
