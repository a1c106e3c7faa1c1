"""Pages of people, the organisation and accounts: workbooks of people, dated posts, who may sign in and what she may do."""
