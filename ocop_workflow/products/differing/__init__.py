"""What a renewal or an upgrade says otherwise than the dossier that was recognised (Mẫu 02, Phần III)."""
