import Base
import Database
import TestSupport
import Testing

@Suite("Database") struct ConnectionTests {
  @Test func `values come back as they went in`() throws {
    let connection = try Connection.inMemory()
    try connection.run("CREATE TABLE t (a, b, c, d, e, f)")
    let text = "鍛冶\u{0}と舵"
    try connection.run(
      "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", Int.min, 0.1, text, [0, 255, 7] as [UInt8],
      nil as String?, "")
    let rows = try connection.rows("SELECT * FROM t") { row in
      #expect(row.columnCount == 6)
      #expect(row.int(0) == .min)
      #expect(row.double(1) == 0.1)
      #expect(row.text(2) == text)
      #expect(row.blob(3) == [0, 255, 7])
      #expect(row.isNull(4) && row.textOrNil(4) == nil)
      #expect(row.textOrNil(5) == "")
      return row.int(0)
    }
    #expect(rows.count == 1)
  }

  @Test func `an error carries its SQL and says what to do`() throws {
    let connection = try Connection.inMemory()
    let error = #expect(throws: DatabaseError.self) { try connection.run("SELEKT 1") }
    #expect(error?.sql == "SELEKT 1")
    #expect(error?.description.contains("SELEKT 1") == true)
    #expect(throws: DatabaseError.self) { try connection.run("SELECT 1; SELECT 2") }
    try connection.run("SELECT 1; ")
  }

  @Test func `foreign keys hold`() throws {
    let connection = try Connection.inMemory()
    try connection.run("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    try connection.run("CREATE TABLE b (a INTEGER REFERENCES a ON DELETE CASCADE)")
    let error = #expect(throws: DatabaseError.self) {
      try connection.run("INSERT INTO b VALUES (1)")
    }
    #expect(error?.reason == .constraint)
    try connection.run("INSERT INTO a VALUES (1)")
    try connection.run("INSERT INTO b VALUES (1)")
    try connection.run("DELETE FROM a")
    #expect(try connection.integer("SELECT count(*) FROM b") == 0)
  }

  @Test func `a transaction happens as a whole or not at all`() throws {
    let connection = try Connection.inMemory()
    try connection.run("CREATE TABLE t (x)")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.run("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(try connection.integer("SELECT count(*) FROM t") == 0)
    try connection.transaction { try connection.run("INSERT INTO t VALUES (1)") }
    #expect(try connection.integer("SELECT count(*) FROM t") == 1)
  }

  @Test func `a file is opened with a log where that is safe`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "a b?#%.db"
      let connection = try Connection(path)
      let mode = try connection.text("PRAGMA journal_mode")
      #expect(mode == (Files.isOnLocalFileSystem(folder) ? "wal" : "delete"))
      try connection.run("CREATE TABLE t (x)")
      let single = try Connection(folder / "single.db", writeAheadLog: false)
      #expect(try single.text("PRAGMA journal_mode") == "delete")
    }
  }

  @Test(arguments: [Connection.Mode.readOnly, .immutable])
  func `a read-only connection reads and does not write`(mode: Connection.Mode) throws {
    try withTemporaryFolder { folder in
      let path = folder / "a b?#%.db"
      do {
        let writer = try Connection(path, writeAheadLog: false)
        try writer.run("CREATE TABLE t (x)")
        try writer.run("INSERT INTO t VALUES (7)")
      }
      let reader = try Connection(path, mode: mode)
      let isReadOnly = reader.isReadOnly
      #expect(isReadOnly)
      #expect(try reader.integer("SELECT x FROM t") == 7)
      let error = #expect(throws: DatabaseError.self) { try reader.run("DELETE FROM t") }
      #expect(error?.reason == .readOnly)
      #expect(throws: DatabaseError.self) { _ = try Connection(folder / "none.db", mode: mode) }
      #expect(!Files.exists(folder / "none.db"))
    }
  }

  @Test func `what is no database is said to be none`() throws {
    try withTemporaryFolder { folder in
      try Files.write(String(repeating: "no database at all. ", count: 100), to: folder / "x.db")
      let error = #expect(throws: DatabaseError.self) { _ = try Connection(folder / "x.db") }
      #expect(error?.reason == .corrupt)
    }
  }

  @Test func `a writer that waits too long is told`() throws {
    try withTemporaryFolder { folder in
      let first = try Connection(folder / "x.db")
      try first.run("CREATE TABLE t (x)")
      let second = try Connection(folder / "x.db", busyTimeout: 0.05)
      try first.transaction {
        try first.run("INSERT INTO t VALUES (1)")
        let error = #expect(throws: DatabaseError.self) {
          try second.transaction { try second.run("INSERT INTO t VALUES (2)") }
        }
        #expect(error?.reason == .busy)
      }
      try second.transaction { try second.run("INSERT INTO t VALUES (2)") }
      #expect(try first.integer("SELECT sum(x) FROM t") == 3)
    }
  }

  @Test func `migrations run once, in order, whoever comes first`() throws {
    try withTemporaryFolder { folder in
      let steps = [
        ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"], ["UPDATE a SET x = x * 10"],
      ]
      ThreadPool(threads: 4).run(4) { _ in
        do {
          let connection = try Connection(folder / "x.db", busyTimeout: 20)
          try connection.migrate(steps)
        } catch {
          Issue.record(error)
        }
      }
      let connection = try Connection(folder / "x.db")
      #expect(try connection.integer("SELECT sum(x) FROM a") == 10)
      #expect(try connection.integer("PRAGMA user_version") == 2)
      let error = #expect(throws: DatabaseError.self) { try connection.migrate([steps[0]]) }
      #expect(error?.reason == .newerSchema)
    }
  }

  @Test func `a failing migration leaves the form before it`() throws {
    let connection = try Connection.inMemory()
    #expect(throws: DatabaseError.self) {
      try connection.migrate([["CREATE TABLE a (x)"], ["CREATE TABLE b (x)", "NONSENSE"]])
    }
    #expect(try connection.integer("PRAGMA user_version") == 1)
    #expect(try connection.integer("SELECT count(*) FROM sqlite_schema") == 1)
  }
}
