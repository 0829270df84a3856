import Terminal

/// Finds again, in what is shown of a text, the words that a search found in it.
enum FoundWords {
  /// A word, or the part of it that stands in one line.
  struct Place: Sendable, Equatable {
    var line: Int
    /// By the places of the line's characters.
    var range: Range<Int>
  }

  /// More places than anybody looks through; a long text may hold a word a million times.
  private static let most = 2000
  /// How far into a text words are looked for, so that a huge one opens at once.
  private static let reach = 200_000

  /// Where the words stand in lines that were wrapped, by lines; a word may go on in the next line.
  static func places(of words: [String], in lines: [String]) -> [Place] {
    guard !words.isEmpty else { return [] }
    var letters: [Character] = []
    // The letter each line begins with.
    var starts: [Int] = []
    for line in lines where letters.count < reach {
      starts.append(letters.count)
      letters += line
    }
    var places: [Place] = []
    for range in ranges(of: words, in: letters) {
      var line = starts.partitioningIndex { $0 > range.lowerBound } - 1
      var start = range.lowerBound
      while start < range.upperBound {
        let end = line + 1 < starts.count ? starts[line + 1] : letters.count
        let part = start..<min(range.upperBound, end)
        if !part.isEmpty {
          places.append(
            Place(
              line: line, range: part.lowerBound - starts[line]..<part.upperBound - starts[line]))
        }
        start = max(start, end)
        line += 1
      }
    }
    return places
  }

  /// A line of which so much of the beginning is left out that the first found word is in view.
  static func cell(_ line: String, _ words: [String], columns: Int) -> TableCell {
    let letters = Array(line)
    let found = ranges(of: words, in: letters)
    guard let first = found.first else { return TableCell(line) }
    let head = TextWidth.columns(of: String(letters[..<first.upperBound]))
    guard head > columns - TextWidth.cutMark.count else { return TableCell(line, marks: found) }
    // The word a third into the line, so that what it stands in can be read.
    let room = max(0, columns / 3 - TextWidth.cutMark.count)
    var start = first.lowerBound
    var used = 0
    while start > 0 {
      used += TextWidth.columns(of: letters[start - 1])
      if used > room { break }
      start -= 1
    }
    let shift = TextWidth.cutMark.count - start
    return TableCell(
      TextWidth.cutMark + String(letters[start...]),
      marks: found.filter { $0.lowerBound >= start }
        .map { $0.lowerBound + shift..<$0.upperBound + shift })
  }

  /// Where the words stand, in order; case does not matter.
  private static func ranges(
    of words: [String], in letters: [Character]
  ) -> [Range<Int>] {
    let folded = letters.map { $0.lowercased() }
    let wanted = words.map { $0.map { $0.lowercased() } }.filter { !$0.isEmpty }
    var found: [Range<Int>] = []
    var place = 0
    while place < folded.count, found.count < most {
      let word = wanted.first { folded[place...].starts(with: $0) }
      if let word {
        found.append(place..<place + word.count)
        place += word.count
      } else {
        place += 1
      }
    }
    return found
  }
}

extension Array {
  /// The first place whose element fits, in an array in which those that fit stand last.
  fileprivate func partitioningIndex(_ fits: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if fits(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
