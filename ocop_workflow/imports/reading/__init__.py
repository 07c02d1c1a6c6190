"""A list as it comes: sheets, cells, headings, old fonts, ticks, read behind the fence."""
