"""What the page «Đồng bộ» tells: every source today, its past, and how it may change."""
