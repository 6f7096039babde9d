"""What a reason counts as, where more than its code is asked for."""
