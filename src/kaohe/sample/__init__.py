"""A make-believe company to try Kaohe on: three months of a tea-ware shop's customer service, from a seed.

The figures are drawn, the people invented, the dirt planted and counted. Nothing here scores or measures.
"""

from kaohe.sample.making import COMPANY_FILES, TABLES, SampleReport, make_sample, write_company

__all__ = ["COMPANY_FILES", "TABLES", "SampleReport", "make_sample", "write_company"]
