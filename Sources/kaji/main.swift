print("kaji")
