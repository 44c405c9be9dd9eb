"""
SOLIDWORKS: what lapsed is renewed by paying for the years in between, up to a new licence.

Whoever let the yearly subscription service of a licence lapse pays, since 2016-01-01, all that was
missed, at most the price of a new licence, and the coming year. Before, it was USD 500 and the year.

Source: https://www.cati.com/landing/solidworks-subscription-policy/ (a partner's page of 2015). The
day on which the older rule began is not told: it begins here with the year of the page.

Readings: what was missed runs by the day from the end to the renewal, and the coming year starts on
the day of the renewal. A list price is a new licence's, and the price book's renewal rate tells the
yearly charge. Here the cap is on what was missed and the year together, and the fee is for each
subscription; the page caps what was missed alone and asks for the fee for each seat. No last day is
told: a stage lasts at most 3660 days, so ten years stand for "always".

>>> from subrenew import ListPrice, PriceList, RenewalRate, Subscription, renewal_quote
>>> prices = PriceList(
...     prices=(
...         ListPrice(
...             product="CAD",
...             term=Term.years(1),
...             price=Money("4000.00", "USD"),
...             from_on=date(2010, 1, 1),
...         ),
...     ),
...     rates=(RenewalRate(rate=Decimal("0.75"), from_on=date(2010, 1, 1)),),
... )
>>> lapsed = Subscription(
...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2013, 1, 1)
... )
>>> for on in (date(2013, 12, 31), date(2015, 12, 31), date(2016, 1, 1), date(2020, 1, 1)):
...     line = renewal_quote(lapsed, prices=prices, policy=EDITIONS_FROM_2013, on=on).lines[0]
...     print(on, line.price, [(each.code, each.amount) for each in line.charges])
"""
