#!/usr/bin/env python3
"""Writes table.tsv: ten years of deadlines, reckoned in another way than package deadline does.

    cd deadline/testdata && python3 table.py > table.tsv

Nothing here is clever. Every minute of the years is put on a list when somebody works in it, by asking what the
clock on the wall shows in that minute; a term in hours is spent minute by minute from that list. Days are taken
one after the other. Easter is by Gauss (the package's library: Meeus, Jones and Butcher), and the holidays are
typed off the law (l. 260/1949, art. 2; l. 54/1977; d.P.R. 792/1985; l. 336/2000; l. 151/2025).
"""

import bisect
import datetime as dt
import json
import random
import sys
from zoneinfo import ZoneInfo

ROME, UTC = ZoneInfo("Europe/Rome"), dt.timezone.utc
EPOCH = dt.datetime(2025, 12, 1, tzinfo=UTC)
END = dt.datetime(2038, 1, 1, tzinfo=UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def easter(year):
    a, b, c, k = year % 19, year % 4, year % 7, year // 100
    m = (15 - (13 + 8 * k) // 25 + k - k // 4) % 30
    n = (4 + k - k // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    if d == 29 and e == 6:
        return dt.date(year, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return dt.date(year, 4, 18)
    return dt.date(year, 3, 22) + (d + e) * DAY


FIXED = ["01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26"]


def holiday(day):
    if f"{day:%m-%d}" in FIXED or (day.year >= 2026 and f"{day:%m-%d}" == "10-04"):
        return True
    return day in (easter(day.year), easter(day.year) + DAY)


class Office:
    def __init__(self, config):
        self.config = config
        self.minutes, self.of_day = [], {}

    def closed(self, day):
        if holiday(day) or f"{day:%m-%d}" == self.config["patron"]:
            return True
        return any(c["from"] <= day.isoformat() <= c["to"] for c in self.config.get("closures", []))

    def spans(self, day):
        return [] if self.closed(day) else [s.split("-") for s in self.config["hours"][day.isoweekday() % 7]]

    def look(self, number, day, clock):
        if day not in self.of_day:
            self.of_day[day] = []
            self.today = self.spans(day)
        if any(a <= clock < b for a, b in self.today):
            self.minutes.append(number)
            self.of_day[day].append(number)


def watch(offices):
    """Looks at the clock on the wall every minute for twelve years."""
    for number in range(int((END - EPOCH) / MINUTE)):
        local = (EPOCH + number * MINUTE).astimezone(ROME)
        day, clock = local.date(), f"{local.hour:02d}:{local.minute:02d}"
        for office in offices.values():
            office.look(number, day, clock)


def midnight(day):
    return int((dt.datetime(day.year, day.month, day.day, tzinfo=ROME).astimezone(UTC) - EPOCH) / MINUTE)


def in_hours(office, start, hours, off):
    left = hours * 60
    for number in office.minutes[bisect.bisect_left(office.minutes, start):]:
        if any(a <= number < b for a, b in off):
            continue
        left -= 1
        if left == 0:
            return number + 1


def in_days(office, start, days, off, every):
    day = (EPOCH + start * MINUTE).astimezone(ROME).date()
    while True:
        day += DAY
        work = office.of_day[day]
        looked_at = work or (range(midnight(day), midnight(day + DAY)) if every else [])
        if any(max(a, looked_at[0]) < b and a <= looked_at[-1] and any(a <= m < b for m in looked_at) for a, b in off if looked_at):
            continue
        if work or every:
            days -= 1
        if days <= 0 and work:
            return work[-1] + 1


def starts():
    """Every other day, and more about the days that are special."""
    day = dt.date(2026, 1, 1)
    while day.year <= 2035:
        yield day
        day += 2 * DAY
    for year in range(2026, 2036):
        pasqua = easter(year)
        march = max(dt.date(year, 3, d) for d in range(25, 32) if dt.date(year, 3, d).isoweekday() == 7)
        october = max(dt.date(year, 10, d) for d in range(25, 32) if dt.date(year, 10, d).isoweekday() == 7)
        special = [pasqua, pasqua + DAY, march + DAY, october + DAY, dt.date(year, 10, 4), dt.date(year, 3, 1)]
        special += [dt.date(year, 12, 27), dt.date(year, 12, 31), dt.date(year, 8, 16), dt.date(year, 5, 2)]
        for day in special:
            for back in (1, 2, 4):
                yield day - back * DAY


def main():
    random.seed(2026)
    with open("calendars.json", encoding="utf-8") as f:
        offices = {name: Office(config) for name, config in json.load(f).items()}
    watch(offices)
    write = lambda n: (EPOCH + n * MINUTE).strftime("%Y-%m-%dT%H:%MZ")
    print("calendar", "start", "amount", "suspended", "due", sep="\t")
    for day in starts():
        name = random.choice(["house", "house", "split", "night"])
        start = midnight(day) + random.randrange(24 * 60)
        unit, many = random.choice([("working day", 40), ("working hour", 60), ("day", 90)])
        n = random.choice([1, 2, 3, 5, 8, 10, 20, 30, random.randint(1, many)])
        off = []
        for _ in range(random.choice([0, 0, 0, 1, 2])):
            begin = start + random.randrange(-600, 12 * 24 * 60)
            off.append((begin, begin + random.choice([30, 90, 600, 3000, random.randrange(40 * 24 * 60)])))
        if unit == "working hour":
            due = in_hours(offices[name], start, n, off)
        else:
            due = in_days(offices[name], start, n, off, every=unit == "day")
        suspended = ",".join(write(a) + "/" + write(b) for a, b in off)
        print(name, write(start), f"{n} {unit}" + "s" * (n > 1), suspended, write(due), sep="\t")


if __name__ == "__main__":
    sys.exit(main())
