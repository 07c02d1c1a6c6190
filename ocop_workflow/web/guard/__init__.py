"""What stands before every route: how much may be asked, who asks, whether they may."""
