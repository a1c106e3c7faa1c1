"""Numbers of chapters and articles: 第一章, 第十二条; Chapter 1, Article 12."""

from __future__ import annotations

from kaohe.problems import Language

DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A whole number from 1 to 999 in Chinese characters.

    >>> [chinese_number(number) for number in (1, 10, 12, 20, 35, 105, 110)]
    ['一', '十', '十二', '二十', '三十五', '一百零五', '一百一十']
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    found = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        found += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        found += "零"
    return found + (DIGITS[ones] if ones else "")


def chapter_name(number: int, language: Language) -> str:
    """`第二章`, `Chapter 2`."""
    return f"第{chinese_number(number)}章" if language == "zh" else f"Chapter {number}"


def article_name(number: int, language: Language) -> str:
    """`第十二条`, `Article 12`."""
    return f"第{chinese_number(number)}条" if language == "zh" else f"Article {number}"
