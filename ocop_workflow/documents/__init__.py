"""Word and Excel files in the administrative form of NĐ 30/2020/NĐ-CP, drafted from what is on record."""
