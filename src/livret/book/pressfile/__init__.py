"""The PDF for the printer: boxes, marks, slug and PDF/X-4."""
