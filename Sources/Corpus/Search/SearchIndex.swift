import Base
import Database

/// The full-text index of a version, `index.db`: every run of three characters of every document
/// whose level allows search.
///
/// SQLite's FTS5 with the trigram tokenizer, without a copy of the text, so that Japanese is found
/// without word boundaries. Shorter queries look through the index's own list of trigrams; for them
/// each text is indexed with two line feeds after it, so that its last two characters begin one too.
enum SearchIndex {
  static let fileName = "index.db"

  /// Builds the index of a version, in the place of one that may be there.
  ///
  /// It appears whole: what was written of one that came to no end is never taken for an index.
  static func build(for version: CorpusVersion, _ cancellation: CancellationFlag? = nil) throws {
    let draft = Temporary.path(for: version.folder / fileName)
    do {
      try write(version, to: draft, cancellation)
      try Files.sync(draft)
      try Files.rename(draft, to: version.folder / fileName)
    } catch {
      try? Files.remove(draft)
      throw error
    }
  }

  private static func write(
    _ version: CorpusVersion, to path: Path, _ cancellation: CancellationFlag?
  ) throws {
    let connection = try Connection(path, writeAheadLog: false)
    // The file is new and nobody's yet: nothing needs to survive a crash half-written.
    try connection.run("PRAGMA synchronous = OFF")
    try connection.run("PRAGMA journal_mode = OFF")
    try connection.run(
      "CREATE TABLE document (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, ordinal INTEGER NOT NULL)"
    )
    try connection.run(
      "CREATE VIRTUAL TABLE body USING fts5(text, content='', tokenize='trigram')")
    // Larger pieces in memory (bytes) mean fewer merges on disk.
    try connection.run("INSERT INTO body (body, rank) VALUES ('hashsize', 67108864)")
    try connection.run("CREATE VIRTUAL TABLE gram USING fts5vocab('body', 'instance')")
    try connection.transaction {
      var document = try Statement(
        "INSERT INTO document (id, file, ordinal) VALUES (?, ?, ?)", on: connection)
      var body = try Statement("INSERT INTO body (rowid, text) VALUES (?, ?)", on: connection)
      var id = 0
      try version.forEachDocument(in: { $0.level.allows(.search) }) { found in
        id += 1
        if id % 256 == 0 { try cancellation?.check("building the search index") }
        try document.run(id, found.id.file, found.id.ordinal)
        try body.run(id, indexed(found.text.text(for: .search)))
      }
    }
    try connection.run("INSERT INTO body (body) VALUES ('optimize')")
  }

  /// The text as it is indexed. SQLite would end it at a NUL.
  private static func indexed(_ text: String) -> String {
    (text.unicodeScalars.contains("\0")
      ? String(text.map { $0 == "\0" ? " " : $0 }) : text) + "\n\n"
  }
}
