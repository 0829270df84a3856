public import Base
import Database

/// What a search found.
public struct SearchResult: Sendable {
  /// One document with the words of the query.
  public struct Hit: Sendable {
    public let doc: DocumentID
    public let subset: String
    public let level: ReleaseLevel
    /// The text around the first word, on one line.
    public let snippet: String
  }

  /// What was searched for: the words of the query.
  public let words: [String]
  public let hits: [Hit]
  /// All documents found, those beyond the limit included.
  public let total: Int
  /// Documents of the version whose level forbids search: they were not looked at.
  public let withheld: Int
}

extension CorpusVersion {
  /// The documents that contain all words of a query, in their order.
  ///
  /// Words are separated by spaces; each may begin and end anywhere in the text, and case does not
  /// matter. A part in double quotes is one word, spaces included.
  ///
  /// An index that is missing or damaged is made again first.
  ///
  /// - Throws: ``Failure`` if the query is empty, or the index cannot be made again.
  public func search(_ query: String, limit: Int = 20, offset: Int = 0) throws -> SearchResult {
    let words = SearchQuery(query).words
    guard !words.isEmpty else {
      throw Failure("the query is empty", remedy: "Give a word to search for.")
    }
    do {
      return try search(words, limit: limit, offset: offset)
    } catch let error as DatabaseError where Self.isUnfit(error) {
      try rebuildIndex(because: error.message)
    } catch let error as UnfitIndex {
      try rebuildIndex(because: error.reason)
    }
    return try search(words, limit: limit, offset: offset)
  }

  /// Whether the index itself is at fault: damaged, missing, or without the tables of one. A full disk or a file that
  /// another program holds is not mended by making it again.
  private static func isUnfit(_ error: DatabaseError) -> Bool {
    switch error.reason {
    case .corrupt, .cannotOpen: true
    // SQLITE_ERROR: among sound queries a missing table or column.
    case .other: error.code & 0xFF == 1
    case .busy, .readOnly, .full, .constraint, .newerSchema: false
    }
  }

  private func rebuildIndex(because reason: String) throws {
    guard Files.isWritable(folder) else {
      throw Failure(
        "the search index of \(name) \(versionName(version)) cannot be read: \(reason)",
        remedy: "Have someone search who may write to \(folder): that makes it again.")
    }
    let size = manifest.subsets.filter { $0.level.allows(.search) }.reduce(0) { $0 + $1.bytes }
    try Files.requireFree(5 * size + (1 << 20), at: folder, for: "making the search index again")
    try SearchIndex.build(for: self)
  }

  private func search(_ words: [String], limit: Int, offset: Int) throws -> SearchResult {
    let path = folder / SearchIndex.fileName
    let connection = try Connection(path, mode: .immutable)
    let wanted = manifest.files.filter { $0.level.allows(.search) }
      .reduce(0) { $0 + $1.documents }
    // Ids are counted from 1 without gaps, and the last is found without a walk over all.
    let indexed = try connection.integer("SELECT max(id) FROM document") ?? 0
    guard indexed == wanted else {
      throw UnfitIndex(reason: "it has \(indexed) of \(wanted) documents")
    }
    let (condition, values) = SearchQuery.condition(words)
    let total = try count(connection, condition, values)
    var select = try Statement(
      "SELECT file, ordinal FROM document WHERE \(condition) ORDER BY id LIMIT ? OFFSET ?",
      on: connection)
    try select.bind(values.map { $0 as any SQLBindable } + [limit, offset])
    var hits: [SearchResult.Hit] = []
    while try select.step() {
      let id = DocumentID(version: version, file: select.int(0), ordinal: select.int(1))
      let found = try document(id)
      let text = try found.text.text(for: .show)
      hits.append(
        SearchResult.Hit(
          doc: id, subset: found.subset, level: found.level,
          snippet: Snippet.around(words[0], in: text)))
    }
    let withheld = manifest.subsets.filter { !$0.level.allows(.search) }
      .reduce(0) { $0 + $1.documents }
    return SearchResult(words: words, hits: hits, total: total, withheld: withheld)
  }

  private func count(
    _ connection: borrowing Connection, _ condition: String, _ values: [String]
  ) throws -> Int {
    var statement = try Statement(
      "SELECT count(*) FROM document WHERE \(condition)", on: connection)
    try statement.bind(values.map { $0 as any SQLBindable })
    return try statement.step() ? statement.int(0) : 0
  }
}

/// An index that is a sound file, but not of this version's documents.
private struct UnfitIndex: Error {
  let reason: String
}

/// The words of a query.
struct SearchQuery {
  let words: [String]

  init(_ text: String) {
    var words: [String] = []
    for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    {
      let isQuoted = index % 2 == 1
      if isQuoted {
        if part.contains(where: { !$0.isWhitespace }) { words.append(String(part)) }
      } else {
        words += part.split(whereSeparator: \.isWhitespace).map(String.init)
      }
    }
    self.words = words
  }

  /// The condition on `document.id`, and the values of its parameters in order.
  static func condition(_ words: [String]) -> (sql: String, values: [String]) {
    var parts: [String] = []
    var values: [String] = []
    for word in words {
      if word.unicodeScalars.count >= 3 {
        parts.append("id IN (SELECT rowid FROM body WHERE body MATCH ?)")
        values.append("\"" + word.filter { $0 != "\"" && $0 != "\0" } + "\"")
      } else {
        // All trigrams that begin with the word; the tokenizer stores them in lower case.
        parts.append("id IN (SELECT doc FROM gram WHERE term >= ? AND term < ?)")
        let start = word.lowercased()
        values += [start, start + "\u{10FFFF}"]
      }
    }
    return (parts.joined(separator: " AND "), values)
  }
}

/// A piece of a text around a word.
enum Snippet {
  /// Characters shown before and after the word.
  static let context = 40

  /// The surroundings of the first place of `word`, or the beginning of the text, on one line.
  static func around(_ word: String, in text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let wanted = word.unicodeScalars.map(folded)
    var place = 0
    if scalars.count >= wanted.count {
      place =
        (0...scalars.count - wanted.count).first { start in
          wanted.indices.allSatisfy { folded(scalars[start + $0]) == wanted[$0] }
        } ?? 0
    }
    let start = max(0, place - context)
    let end = min(scalars.count, place + wanted.count + context)
    var result = String.UnicodeScalarView()
    for scalar in scalars[start..<end] {
      let isBreak = scalar == "\n" || scalar == "\r" || scalar == "\t"
      result.append(isBreak ? " " : scalar)
    }
    // Two full stops, because terminals differ in the width of the one sign.
    return (start > 0 ? ".." : "") + String(result) + (end < scalars.count ? ".." : "")
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower[lower.startIndex] : scalar
  }
}
