/// How well a few typed letters fit a name: all of them occur in it, in their order.
///
/// Letters that begin a word or follow one another count more, so that `nr` finds "new run" before
/// "count rows". Case and spaces do not matter.
public struct FuzzyMatch: Sendable, Equatable {
  /// The more, the better.
  public let score: Int
  /// Where the letters stand in the name, by the places of its characters, ascending.
  public let places: [Int]

  private static let wordStart = 8
  private static let following = 6
  private static let textStart = 4

  /// - Returns: `nil` if not all letters of `typed` occur in `name` in their order.
  /// - Complexity: O(*nm²*) in the letters of both.
  public init?(_ typed: String, in name: String) {
    let letters = typed.lowercased().filter { !$0.isWhitespace }
    let characters = Array(name)
    // The best way to place the letters so far with the last of them at each place.
    var best: [(score: Int, places: [Int])?] = []
    for letter in letters {
      let before = best
      best = characters.indices.map { place in
        guard characters[place].lowercased() == String(letter) else { return nil }
        let value = Self.value(of: place, in: characters)
        // Only the first letter has no letter before it.
        guard !before.isEmpty else { return (value, [place]) }
        var found: (score: Int, places: [Int])?
        for (previous, way) in before.enumerated() where previous < place {
          guard let way else { continue }
          let score = way.score + value + (previous == place - 1 ? Self.following : 0)
          if score > found?.score ?? .min { found = (score, way.places + [place]) }
        }
        return found
      }
      if best.allSatisfy({ $0 == nil }) { return nil }
    }
    var winner: (score: Int, places: [Int]) = (0, [])
    for case .some(let way) in best where winner.places.isEmpty || way.score > winner.score {
      winner = way
    }
    // Of two names with the letters in like places the shorter is meant.
    score = winner.score * 4 - characters.count / 4
    places = winner.places
  }

  private static func value(of place: Int, in characters: [Character]) -> Int {
    if place == 0 { return wordStart + textStart }
    let previous = characters[place - 1]
    return previous.isLetter || previous.isNumber ? 1 : wordStart
  }
}
