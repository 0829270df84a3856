/// The version of Kaji.
public let kajiVersion = "0.1.0"
