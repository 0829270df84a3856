import CSQLite

/// The library below ``Connection``.
public enum DatabaseLibrary {
  /// The version of SQLite.
  public static var version: String { unsafe String(cString: sqlite3_libversion()) }

  /// Whether it has the full-text search that the corpora's indices need.
  public static var hasFullTextSearch: Bool {
    unsafe sqlite3_compileoption_used("ENABLE_FTS5") != 0
  }
}
