import CSQLite

extension Connection {
  /// Runs `body` within one transaction: all of it happens, or nothing.
  ///
  /// The write lock is taken at the start (`BEGIN IMMEDIATE`), so that waiting happens here and not halfway.
  ///
  /// - Throws: what `body` throws, after everything was undone; ``DatabaseError`` if it cannot begin or end.
  public func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    try run("BEGIN IMMEDIATE")
    do {
      let value = try body()
      try run("COMMIT")
      return value
    } catch {
      // A full disk may have rolled back already: then there is nothing to undo.
      if unsafe sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
      throw error
    }
  }

  /// Brings the tables to the newest form.
  ///
  /// `steps[k]` leads from form k to form k + 1; the file's form is its `user_version`. Each step is its own
  /// transaction, and of several processes that start together only one makes it.
  ///
  /// - Throws: ``DatabaseError``, `newerSchema` if the file has a form that this program does not know.
  public func migrate(_ steps: [[String]]) throws {
    func version() throws(DatabaseError) -> Int { try integer("PRAGMA user_version") ?? 0 }
    guard try version() <= steps.count else {
      throw DatabaseError(
        reason: .newerSchema, code: 0,
        message: "form \(try version()) is newer than \(steps.count), the newest known here",
        sql: "PRAGMA user_version", path: path)
    }
    while try version() < steps.count {
      try transaction {
        let current = try version()
        guard current < steps.count else { return }
        for sql in steps[current] { try run(sql) }
        try run("PRAGMA user_version = \(current + 1)")
      }
    }
  }
}
