"""Tables for people who review: sheets as plain data, and how they become a workbook or CSV files."""
