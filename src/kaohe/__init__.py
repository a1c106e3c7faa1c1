"""Kaohe 考核: what a customer-service team did becomes scores, grades, pay and next steps, exact and explained."""
