public import Base

/// Writes a language model in the ARPA format.
public enum ARPAWriter {
  /// Writes one file whole.
  ///
  /// - Parameters:
  ///   - counts: the number of n-grams of each order, from 1.
  ///   - entries: calls its argument with every n-gram, shorter ones first.
  /// - Throws: ``Failure`` if a word is empty or holds white space, or the disk refuses.
  public static func write(
    counts: [Int], to path: Path, entries: (_ take: (ARPAEntry) throws -> Void) throws -> Void
  ) throws {
    let file = try OutputFile(path)
    var head = "\\data\\\n"
    for (place, count) in counts.enumerated() { head += "ngram \(place + 1)=\(count)\n" }
    try file.append(Array(head.utf8))
    var order = 0
    var written = 0
    func close() {
      precondition(
        order == 0 || written == counts[order - 1],
        "\(written) \(order)-grams written, \(counts[max(0, order - 1)]) announced")
    }
    try entries { entry in
      while order < entry.words.count {
        close()
        (order, written) = (order + 1, 0)
        try file.append(Array("\n\\\(order)-grams:\n".utf8))
      }
      precondition(entry.words.count == order, "an n-gram of order \(entry.words.count) comes late")
      try file.append(Array(try line(entry, isLongest: order == counts.count).utf8))
      written += 1
    }
    while order < counts.count {
      close()
      (order, written) = (order + 1, 0)
      try file.append(Array("\n\\\(order)-grams:\n".utf8))
    }
    close()
    try file.append(Array("\n\\end\\\n".utf8))
    try file.finish()
  }

  private static func line(_ entry: ARPAEntry, isLongest: Bool) throws(Failure) -> String {
    for word in entry.words where word.isEmpty || word.contains(where: \.isWhitespace) {
      throw Failure(
        "the word '\(Sanitiser.visible(word))' cannot stand in an ARPA file",
        remedy: "Write spaces within words as another character.")
    }
    var text = number(entry.logProbability) + "\t" + entry.words.joined(separator: " ")
    if !isLongest, let backOff = entry.backOff { text += "\t" + number(backOff) }
    return text + "\n"
  }

  /// A number that reads back as itself; no probability is written as the format's −99.
  private static func number(_ value: Double) -> String {
    value == -.infinity ? "-99" : value == 0 ? "0" : value.description
  }
}
