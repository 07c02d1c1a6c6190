"""What the register says wrongly of a certificate is put right; whoever was told otherwise hears of it."""
