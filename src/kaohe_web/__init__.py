"""The website: who entered what, who approved it, what was decided; the only place that remembers.

Each app keeps its rows in `models`, changes them in `actions`, reads them through `queries` with
the user in hand, and shows them in `views`. `kaohe_web.engine` is the one door to `kaohe`.
"""
