"""Text in, values out. Format is a form's business, truth a service's; a form never asks the database."""
